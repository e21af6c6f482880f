package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.ArrayList;

/// A pod grows no larger than its node, and only where the node can change it.
/// Source: kubernetes plugin/pkg/admission/podresize/admission.go.
final class PodResizeValidator implements Plugin {
  private final Registry registry;

  PodResizeValidator(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes)
        && attributes.subresource().equals("resize")
        && Resources.is(attributes, Resources.PODS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    String name = pod.string("spec", "nodeName");
    if (name.isEmpty() || Metadata.generation(pod) == Metadata.generation(Resources.oldObject(attributes))) {
      return;
    }
    ObjectValue node = node(registry, attributes, name);
    ObjectValue labels = node.object("metadata", "labels");
    String system = labels.string("kubernetes.io/os");
    if (labels.has("kubernetes.io/os") && !system.equals("linux")) {
      throw Refusal.forbidden(
          attributes,
          "pod resize is only supported on linux nodes, node " + GoText.quote(name) + " is " + GoText.quote(system),
          new Status.Cause("UnsupportedPlatform", "", ""));
    }
    checkRoom(attributes, pod, node);
  }

  /// The node of a pod.
  static ObjectValue node(Registry registry, AdmissionAttributes attributes, String name) {
    return registry
        .peek(Resources.NODES, "", name)
        .orElseThrow(() -> Refusal.forbidden(attributes, "node " + GoText.quote(name) + " not found"));
  }

  private static void checkRoom(AdmissionAttributes attributes, ObjectValue pod, ObjectValue node) {
    ResourceAmounts allocatable = ResourceAmounts.of(node.object("status", "allocatable"));
    ResourceAmounts requests = PodResources.requests(pod, PodResources.Way.PLAIN);
    var lacking = new ArrayList<String>();
    Quantity cpu = requests.get("cpu");
    if (cpu.compareTo(allocatable.get("cpu")) > 0) {
      lacking.add("cpu, requested: " + cpu.milliValue() + ", allocatable: " + allocatable.get("cpu").milliValue());
    }
    Quantity memory = requests.get("memory");
    if (memory.compareTo(allocatable.get("memory")) > 0) {
      lacking.add("memory, requested: " + memory.value() + ", allocatable: " + allocatable.get("memory").value());
    }
    if (!lacking.isEmpty()) {
      throw Refusal.forbidden(
          attributes,
          "node didn't have enough allocatable resources: " + String.join("; ", lacking),
          new Status.Cause("NodeCapacity", "", ""));
    }
  }
}
