package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.registry.AdmissionAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Counts claims of volumes and the storage they ask for, in all and by class.
/// Source: kubernetes pkg/quota/v1/evaluator/core/persistent_volume_claims.go.
record ClaimQuota() implements QuotaEvaluator {
  private static final String COUNT = Count.name(Resources.CLAIMS);
  private static final String CLAIMS = "persistentvolumeclaims";
  private static final String STORAGE = "requests.storage";
  private static final String BY_CLASS = ".storageclass.storage.k8s.io/";

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return switch (attributes.subresource()) {
      case "" -> Resources.writes(attributes);
      case "status" -> Resources.updates(attributes);
      default -> false;
    };
  }

  @Override
  public boolean uses(String name) {
    return name.equals(COUNT)
        || name.equals(CLAIMS)
        || name.equals(STORAGE)
        || name.endsWith(BY_CLASS + CLAIMS)
        || name.endsWith(BY_CLASS + STORAGE);
  }

  @Override
  public boolean coversScopes() {
    return true;
  }

  @Override
  public boolean inScope(QuotaScopes.Scope scope, ObjectValue claim) {
    return scope.name().equals("VolumeAttributesClass") && scope.matches(attributesClasses(claim));
  }

  private static Set<String> attributesClasses(ObjectValue claim) {
    return Stream.of(
            claim.string("spec", "volumeAttributesClassName"),
            claim.string("status", "currentVolumeAttributesClassName"),
            claim.string("status", "modifyVolumeStatus", "targetVolumeAttributesClassName"))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public ResourceAmounts usage(ObjectValue claim) {
    var used = new TreeMap<String, Quantity>();
    String storageClass = DefaultStorageClass.classOf(claim);
    for (String name : List.of(COUNT, CLAIMS)) {
      used.put(name, Quantity.of(1));
    }
    if (!storageClass.isEmpty()) {
      used.put(storageClass + BY_CLASS + CLAIMS, Quantity.of(1));
    }
    ResourceAmounts requests = ResourceAmounts.of(claim.object("spec", "resources", "requests"));
    if (requests.has("storage")) {
      Quantity storage = requests.max(allocated(claim)).get("storage").roundUp(0);
      used.put(STORAGE, storage);
      if (!storageClass.isEmpty()) {
        used.put(storageClass + BY_CLASS + STORAGE, storage);
      }
    }
    return ResourceAmounts.of(used);
  }

  private static ResourceAmounts allocated(ObjectValue claim) {
    return ResourceAmounts.of(claim.object("status", "allocatedResources")).filter("storage"::equals);
  }
}
