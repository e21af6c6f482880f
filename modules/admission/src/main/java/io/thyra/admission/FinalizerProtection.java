package io.thyra.admission;

import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// New objects of some kinds are held by a finalizer until a controller finds them unused. Two plugins of upstream's:
/// StorageObjectInUseProtection and PodGroupProtection.
/// Source: kubernetes plugin/pkg/admission/storage/storageobjectinuseprotection and scheduling/podgroupprotection.
final class FinalizerProtection implements Plugin {
  private final Map<GroupResource, String> finalizers;

  private FinalizerProtection(Map<GroupResource, String> finalizers) {
    this.finalizers = Map.copyOf(finalizers);
  }

  static FinalizerProtection ofStorage() {
    return new FinalizerProtection(
        Map.of(
            Resources.VOLUMES, "kubernetes.io/pv-protection",
            Resources.CLAIMS, "kubernetes.io/pvc-protection",
            Resources.VOLUME_ATTRIBUTES_CLASSES, "kubernetes.io/vac-protection"));
  }

  static FinalizerProtection ofPodGroups() {
    return new FinalizerProtection(Map.of(Resources.POD_GROUPS, "scheduling.k8s.io/podgroup-protection"));
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes)
        && attributes.subresource().isEmpty()
        && finalizers.containsKey(attributes.resource().groupResource());
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue object = Resources.object(attributes);
    @Nullable String finalizer = finalizers.get(attributes.resource().groupResource());
    List<String> there = Metadata.finalizers(object);
    if (finalizer == null || there.contains(finalizer)) {
      return attributes;
    }
    var more = new ArrayList<>(there);
    more.add(finalizer);
    return attributes.withObject(Metadata.withFinalizers(object, more));
  }
}
