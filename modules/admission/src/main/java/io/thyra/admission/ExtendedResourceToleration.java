package io.thyra.admission;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import java.util.ArrayList;
import java.util.TreeSet;

/// A pod that asks for an extended resource tolerates the taint of that name.
/// Source: kubernetes plugin/pkg/admission/extendedresourcetoleration/admission.go.
final class ExtendedResourceToleration implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    ObjectValue spec = pod.object("spec");
    var containers = new ArrayList<>(PodContainers.plain(spec));
    containers.addAll(PodContainers.init(spec));
    var names = new TreeSet<String>();
    for (ObjectValue container : containers) {
      container.object("resources", "requests").names().stream().filter(PodQuota::isExtended).forEach(names::add);
    }
    ListValue tolerations = spec.list("tolerations");
    for (String name : names) {
      tolerations =
          with(
              tolerations,
              ObjectValue.builder().put("key", name).put("operator", "Exists").put("effect", "NoSchedule").build());
    }
    return names.isEmpty() ? attributes : attributes.withObject(pod.with("spec", spec.with("tolerations", tolerations)));
  }

  /// The list with a toleration in place of those that differ from it in seconds alone, or at the end.
  private static ListValue with(ListValue tolerations, ObjectValue added) {
    boolean there = tolerations.objects().stream().anyMatch(t -> matches(t, added));
    return there ? tolerations.mapObjects(t -> matches(t, added) ? added : t) : tolerations.plus((Value) added);
  }

  private static boolean matches(ObjectValue toleration, ObjectValue other) {
    return toleration.without("tolerationSeconds").equals(other);
  }
}
