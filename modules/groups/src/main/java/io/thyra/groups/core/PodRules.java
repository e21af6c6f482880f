package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.SchemaOrder;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Pods on their way in. Source: pkg/registry/core/pod/strategy.go.
final class PodRules {
  private static final FieldPath SPEC = FieldPath.of("spec");

  private PodRules() {}

  static void declare(Group.Declaration r, GroupDependencies needs) {
    boolean privileged = needs.privilegedPods();
    var updates = new PodUpdates(r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .keepsFirstStatus("qosClass")
        .countsGenerations()
        .graceful(PodRules::gracePeriod)
        .checksNameOnUpdate()
        .onCreate((_, pod) -> PodLabels.select(pod))
        .onCreate(PodAnnotations::withAppArmorFields)
        .onCreate((context, pod) -> SchemaOrder.put(r.struct(), pod, "status", firstStatus(context, pod)))
        .createRules((pod, _, errors) -> create(pod, privileged, errors))
        .updateRules((pod, _, _, errors) -> whole(pod, privileged, errors))
        .updateRules(updates::check)
        .warns((pod, old) -> old == null ? warnings(pod) : List.of());
    r.subresource("ephemeralcontainers", PodParts.ephemeralContainers(r.struct(), privileged, updates));
    r.subresource("resize", PodParts.resize(r.struct(), privileged));
    r.subresource(
        "eviction", new Subresource.Action(new GroupVersionKind("policy", "v1", "Eviction"), new Evictions(needs.objects())));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .keepsMetadata("ownerReferences", "deletionTimestamp")
        .onUpdate((_, pod, old) -> PodUpdates.keepQos(pod, old))
        .onUpdate((_, pod, old) -> PodStatusRules.withoutGated(pod, old))
        .updateRules(PodStatusRules::check)
        .warns((pod, _) -> addressWarnings(pod));
  }

  private static ObjectValue firstStatus(RequestContext context, ObjectValue pod) {
    var status = ObjectValue.builder().put("phase", "Pending");
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      ObjectValue gated =
          ObjectValue.builder()
              .put("type", "PodScheduled")
              .put("status", "False")
              .put("lastProbeTime", io.thyra.model.NullValue.NULL)
              .put("lastTransitionTime", context.now().truncatedTo(ChronoUnit.SECONDS).toString())
              .put("reason", "SchedulingGated")
              .put("message", "Scheduling is blocked due to non-empty scheduling gates")
              .build();
      status.put("conditions", ListValue.of(gated));
    }
    String told = pod.string("status", "qosClass");
    return status.put("qosClass", told.isEmpty() ? PodQos.of(pod.object("spec")) : told).build();
  }

  /// What holds for a pod whatever is done to it.
  static void whole(ObjectValue pod, boolean privileged, List<FieldError> errors) {
    ObjectValue metadata = pod.object("metadata");
    ObjectValue spec = pod.object("spec");
    PodAnnotations.check(metadata.object("annotations"), spec, FieldPath.of("metadata", "annotations"), errors);
    PodValidation.spec(spec, metadata, true, privileged, SPEC, errors);
    PodValidation.podOnly(spec, SPEC, errors);
  }

  private static List<String> addressWarnings(ObjectValue pod) {
    var out = new ArrayList<String>();
    for (String field : List.of("podIPs", "hostIPs")) {
      List<ObjectValue> addresses = pod.list("status", field).objects();
      for (int i = 0; i < addresses.size(); i++) {
        out.addAll(IpAddresses.warnings(FieldPath.of("status", field).index(i).child("ip"), addresses.get(i).string("ip")));
      }
    }
    return out;
  }

  private static void create(ObjectValue pod, boolean privileged, List<FieldError> errors) {
    whole(pod, privileged, errors);
    if (!pod.list("spec", "ephemeralContainers").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child("ephemeralContainers"), "cannot be set on create"));
    }
    if (!pod.string("spec", "nodeName").isEmpty() && !pod.list("spec", "schedulingGates").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC.child("nodeName"), "cannot be set until all schedulingGates have been cleared"));
    }
    PodAnnotations.agree(pod.object("metadata", "annotations"), pod.object("spec"), SPEC, errors);
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
    out.addAll(PodWarnings.of(pod, null));
    return out;
  }

  /// The seconds that a deleted pod is given: none before it has a node or after it has ended.
  static OptionalLong gracePeriod(ObjectValue pod, OptionalLong asked) {
    String phase = pod.string("status", "phase");
    if (pod.string("spec", "nodeName").isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
      return OptionalLong.of(0);
    }
    long period = asked.orElse(pod.integer(0, "spec", "terminationGracePeriodSeconds"));
    return OptionalLong.of(period < 0 ? 1 : period);
  }
}
