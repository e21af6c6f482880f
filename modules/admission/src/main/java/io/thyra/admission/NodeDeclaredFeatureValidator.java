package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.List;

/// A running pod changes only in ways that its node says it can follow.
/// Source: kubernetes plugin/pkg/admission/nodedeclaredfeatures/admission.go, component-helpers nodedeclaredfeatures/features.
final class NodeDeclaredFeatureValidator implements Plugin {
  private static final String WHOLE_POD = "InPlacePodLevelResourcesVerticalScaling";
  private static final String INIT_CONTAINERS = "InPlacePodVerticalScalingInitContainers";

  private final Registry registry;

  NodeDeclaredFeatureValidator(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes)
        && Resources.is(attributes, Resources.PODS)
        && (attributes.subresource().isEmpty() || attributes.subresource().equals("resize"));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    ObjectValue old = Resources.oldObject(attributes);
    String name = pod.string("spec", "nodeName");
    if (name.isEmpty() || Metadata.generation(pod) == Metadata.generation(old)) {
      return;
    }
    List<String> needed = needed(old.object("spec"), pod.object("spec"));
    if (needed.isEmpty()) {
      return;
    }
    List<String> declared = PodResizeValidator.node(registry, attributes, name).list("status", "declaredFeatures").strings();
    List<String> lacking = needed.stream().filter(f -> !declared.contains(f)).toList();
    if (!lacking.isEmpty()) {
      throw Refusal.forbidden(
          attributes,
          "pod update requires features " + String.join(", ", lacking) + " which are not available on node " + GoText.quote(name));
    }
  }

  /// What a change of a pod needs of its node, by name.
  private static List<String> needed(ObjectValue old, ObjectValue spec) {
    var needed = new ArrayList<String>();
    if (!old.object("resources").equals(spec.object("resources"))) {
      needed.add(WHOLE_POD);
    }
    List<ObjectValue> before = PodContainers.init(old);
    List<ObjectValue> after = PodContainers.init(spec);
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      boolean changed = !before.get(i).object("resources").equals(after.get(i).object("resources"));
      if (changed && !PodResources.isSidecar(before.get(i))) {
        needed.add(INIT_CONTAINERS);
        break;
      }
    }
    return needed;
  }
}
