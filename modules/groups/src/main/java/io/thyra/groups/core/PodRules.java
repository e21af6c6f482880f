package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.SchemaOrder;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.RequestContext;
import java.util.ArrayList;
import java.util.List;

/// Pods on their way in. Source: pkg/registry/core/pod/strategy.go.
final class PodRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private PodRules() {}

  static void declare(Group.Declaration r, GroupDependencies needs) {
    boolean privileged = needs.privilegedPods();
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .onCreate((_, pod) -> SchemaOrder.put(r.struct(), pod, "status", firstStatus(pod)))
        .createRules((pod, _, errors) -> create(pod, privileged, errors))
        .warns((pod, old) -> old == null ? warnings(pod) : List.of());
    r.subresource("ephemeralcontainers", PodParts.ephemeralContainers(r.struct()));
    r.subresource("resize", PodParts.resize(r.struct()));
    r.statusRules().keepsMetadata("ownerReferences", "deletionTimestamp").onUpdate(PodRules::updateStatus);
  }

  private static ObjectValue firstStatus(ObjectValue pod) {
    var status = ObjectValue.builder().put("phase", "Pending");
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      ObjectValue gated =
          ObjectValue.builder()
              .put("type", "PodScheduled")
              .put("status", "False")
              .put("lastProbeTime", io.thyra.model.NullValue.NULL)
              .put("lastTransitionTime", io.thyra.model.NullValue.NULL)
              .put("reason", "SchedulingGated")
              .put("message", "Scheduling is blocked due to non-empty scheduling gates")
              .build();
      status.put("conditions", ListValue.of(gated));
    }
    return status.put("qosClass", PodQos.of(pod.object("spec"))).build();
  }

  private static ObjectValue updateStatus(RequestContext context, ObjectValue pod, ObjectValue old) {
    return pod.string("status", "qosClass").isEmpty() && !old.string("status", "qosClass").isEmpty()
        ? pod.withAt(new StringValue(old.string("status", "qosClass")), "status", "qosClass")
        : pod;
  }

  private static void create(ObjectValue pod, boolean privileged, List<FieldError> errors) {
    String mirror = "kubernetes.io/config.mirror";
    ObjectValue annotations = pod.object("metadata", "annotations");
    if (annotations.has(mirror) && pod.string("spec", "nodeName").isEmpty()) {
      errors.add(
          FieldError.invalid(
              FieldPath.of("metadata", "annotations").key(mirror),
              annotations.string(mirror),
              "must set spec.nodeName if mirror pod annotation is set"));
    }
    PodValidation.deletionCost(pod, errors);
    PodValidation.spec(pod.object("spec"), privileged, SPEC, errors);
    if (!pod.list("spec", "ephemeralContainers").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child("ephemeralContainers"), "cannot be set on create"));
    }
    if (!pod.string("spec", "nodeName").isEmpty() && !pod.list("spec", "schedulingGates").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared"));
    }
  }

  private static List<String> warnings(ObjectValue pod) {
    var out = new ArrayList<String>();
    List<String> complaints = Names.dns1123Label(pod.string("metadata", "name"));
    if (!complaints.isEmpty()) {
      out.add(
          "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: ["
              + String.join(" ", complaints)
              + "]");
    }
    return out;
  }

  /// The seconds that a deleted pod is given: none before it has a node or after it has ended.
  static long gracePeriod(ObjectValue pod) {
    String phase = pod.string("status", "phase");
    if (pod.string("spec", "nodeName").isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
      return 0;
    }
    long period = pod.integer(0, "spec", "terminationGracePeriodSeconds");
    return period < 0 ? 1 : period;
  }
}
