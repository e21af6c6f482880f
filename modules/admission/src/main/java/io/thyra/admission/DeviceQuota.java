package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Counts claims of devices and the devices they ask for, by class, and under the names of extended resources that stand for
/// classes. Source: kubernetes pkg/quota/v1/evaluator/core/resource_claims.go.
record DeviceQuota(Registry registry, Clock clock) implements QuotaEvaluator {
  private static final String COUNT = Count.name(Resources.RESOURCE_CLAIMS);
  private static final String BY_CLASS = ".deviceclass.resource.k8s.io/devices";
  private static final String IMPLICIT = "requests.deviceclass.resource.kubernetes.io/";
  private static final String FOR_POD = "resource.kubernetes.io/extended-resource-claim";
  // As many devices as one claim can be given.
  private static final long ALL_DEVICES = 32;

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return attributes.subresource().isEmpty() && Resources.writes(attributes);
  }

  @Override
  public boolean uses(String name) {
    if (name.equals(COUNT) || name.endsWith(BY_CLASS)) {
      return true;
    }
    if (name.startsWith(IMPLICIT) && extendedResource(name.substring(IMPLICIT.length())).isPresent()) {
      return true;
    }
    return PodQuota.isExtendedRequest(name) && standsForClass(name.substring(PodQuota.REQUESTS.length()));
  }

  private Optional<String> extendedResource(String deviceClass) {
    return registry.peek(Resources.DEVICE_CLASSES, "", deviceClass)
        .map(c -> c.string("spec", "extendedResourceName"))
        .filter(name -> !name.isEmpty());
  }

  private boolean standsForClass(String resource) {
    return registry.peekAll(Resources.DEVICE_CLASSES, "").stream()
        .anyMatch(
            c ->
                c.string("spec", "extendedResourceName").equals(resource)
                    || resource.equals("deviceclass.resource.kubernetes.io/" + Metadata.name(c)));
  }

  @Override
  public ResourceAmounts usage(ObjectValue claim) {
    var devices = new TreeMap<String, Quantity>();
    for (ObjectValue request : claim.list("spec", "devices", "requests").objects()) {
      var asked = new HashMap<String, Quantity>();
      for (ObjectValue option : request.list("firstAvailable").objects()) {
        asked.merge(option.string("deviceClassName"), count(option), (a, b) -> b.compareTo(a) > 0 ? b : a);
      }
      if (asked.isEmpty() && request.get("exactly") instanceof ObjectValue exactly) {
        asked.put(exactly.string("deviceClassName"), count(exactly));
      }
      asked.forEach((deviceClass, count) -> devices.merge(deviceClass, count, Quantity::plus));
    }
    var used = new TreeMap<String, Quantity>();
    used.put(COUNT, Quantity.of(1));
    devices.forEach((deviceClass, count) -> used.put(deviceClass + BY_CLASS, count));
    addExtended(devices, used, podUsage(claim));
    return ResourceAmounts.of(used);
  }

  private static Quantity count(ObjectValue request) {
    return Quantity.of(
        switch (request.string("allocationMode")) {
          case "ExactCount" -> request.integer(0, "count");
          case "All" -> ALL_DEVICES;
          default -> 0;
        });
  }

  /// The same devices under the names of extended resources, less what the pod of the claim is counted for already.
  private void addExtended(Map<String, Quantity> devices, Map<String, Quantity> used, ResourceAmounts pod) {
    devices.forEach(
        (deviceClass, count) -> {
          if (deviceClass.isEmpty()) {
            return;
          }
          addRest(IMPLICIT + deviceClass, count, used, pod);
          extendedResource(deviceClass).ifPresent(name -> addRest(PodQuota.REQUESTS + name, count, used, pod));
        });
  }

  private static void addRest(String name, Quantity count, Map<String, Quantity> used, ResourceAmounts pod) {
    Quantity rest = count.minus(pod.get(name));
    if (rest.signum() > 0) {
      used.put(name, rest);
    }
  }

  /// What the pod uses that a claim was made for, when it really is that pod's claim.
  private ResourceAmounts podUsage(ObjectValue claim) {
    Optional<ObjectValue> owner = podOwner(claim);
    if (owner.isEmpty()) {
      return ResourceAmounts.NONE;
    }
    String namespace = Metadata.namespace(claim);
    Optional<ObjectValue> pod =
        registry.peek(Resources.PODS, namespace, owner.get().string("name")).filter(p -> Metadata.uid(p).equals(owner.get().string("uid")));
    if (pod.isEmpty()) {
      return ResourceAmounts.NONE;
    }
    boolean own =
        pod.get().at("status", "extendedResourceClaimStatus") instanceof ObjectValue status
            ? status.string("resourceClaimName").equals(Metadata.name(claim))
            : isFirst(claim, owner.get().string("uid"));
    return own ? new PodQuota(clock).usage(pod.get()) : ResourceAmounts.NONE;
  }

  private static Optional<ObjectValue> podOwner(ObjectValue claim) {
    if (!claim.object("metadata", "annotations").string(FOR_POD).equals("true")) {
      return Optional.empty();
    }
    return claim.list("metadata", "ownerReferences").objects().stream()
        .filter(r -> r.bool("controller"))
        .findFirst()
        .filter(r -> r.string("kind").equals("Pod") && r.string("apiVersion").equals("v1"));
  }

  /// Whether no older claim, or one of the same age and a smaller name, belongs to the same pod.
  private boolean isFirst(ObjectValue claim, String pod) {
    String created = claim.string("metadata", "creationTimestamp");
    return registry.peekAll(Resources.RESOURCE_CLAIMS, Metadata.namespace(claim)).stream()
        .filter(c -> podOwner(c).filter(r -> r.string("uid").equals(pod)).isPresent())
        .noneMatch(
            c -> {
              int age = c.string("metadata", "creationTimestamp").compareTo(created);
              return age < 0 || age == 0 && Metadata.name(c).compareTo(Metadata.name(claim)) < 0;
            });
  }
}
