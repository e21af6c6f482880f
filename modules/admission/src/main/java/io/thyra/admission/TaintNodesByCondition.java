package io.thyra.admission;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;

/// A new node takes no pods before it says that it is ready. Source: kubernetes plugin/pkg/admission/nodetaint/admission.go.
final class TaintNodesByCondition implements Plugin {
  private static final ObjectValue NOT_READY =
      ObjectValue.builder().put("key", "node.kubernetes.io/not-ready").put("effect", "NoSchedule").build();

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.NODES);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue node = Resources.object(attributes);
    ListValue taints = node.list("spec", "taints");
    boolean there =
        taints.objects().stream()
            .anyMatch(t -> t.string("key").equals(NOT_READY.string("key")) && t.string("effect").equals("NoSchedule"));
    return there ? attributes : attributes.withObject(node.withAt(taints.plus(NOT_READY), "spec", "taints"));
  }
}
