package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pod that is bound to a node carries the node's zone and region.
/// Source: kubernetes plugin/pkg/admission/podtopologylabels/admission.go.
final class PodTopologyLabels implements Plugin {
  private static final List<String> LABELS = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

  private final Registry registry;

  PodTopologyLabels(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes)
        && Resources.is(attributes, Resources.PODS)
        && (attributes.subresource().isEmpty() || attributes.subresource().equals("binding"));
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue object = Resources.object(attributes);
    String node = attributes.subresource().isEmpty() ? object.string("spec", "nodeName") : target(object);
    if (node.isEmpty()) {
      return attributes;
    }
    ObjectValue known = registry.peek(Resources.NODES, "", node).map(n -> n.object("metadata", "labels")).orElse(ObjectValue.EMPTY);
    ObjectValue.Builder labels = object.object("metadata", "labels").toBuilder();
    boolean changed = false;
    for (String label : LABELS) {
      @Nullable Value value = known.get(label);
      if (value != null) {
        labels.put(label, value);
        changed = true;
      }
    }
    return changed ? attributes.withObject(Metadata.with(object, "labels", labels.buildSorted())) : attributes;
  }

  private static String target(ObjectValue binding) {
    return binding.string("target", "kind").equals("Node") ? binding.string("target", "name") : "";
  }
}
