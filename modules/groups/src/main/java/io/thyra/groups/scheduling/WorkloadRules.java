package io.thyra.groups.scheduling;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Declared.field;
import static io.thyra.groups.Declared.type;
import static io.thyra.groups.Declared.union;

import io.thyra.groups.Declared;
import io.thyra.groups.Group;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Workloads and the groups of pods that are scheduled together. Fields whose gate is off are dropped unless they are used
/// already. Source: pkg/registry/scheduling/{workload,podgroup}/strategy.go, pkg/apis/scheduling/v1alpha2/zz_generated.validations.go.
final class WorkloadRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final int CLAIMS_MAX = 4;
  private static final int TEMPLATES_MAX = 8;
  private static final long PRIORITY_MAX = 1_000_000_000;

  private static final Declared POLICY =
      type(union("basic", "gang"), field("gang").maybe().then(field("minCount").required().min(1)));
  private static final Declared CONSTRAINTS =
      field("topology").maxItems(1).optional().each(field("key").required().format(Names::qualifiedName));
  private static final Declared CLAIM =
      type(
          union("resourceClaimName", "resourceClaimTemplateName"),
          field("name").required().format(Names::dns1123Label),
          field("resourceClaimName").maybe().format(Names::dns1123Subdomain),
          field("resourceClaimTemplateName").maybe().format(Names::dns1123Subdomain));
  private static final Declared TEMPLATE_REFERENCE =
      type(
          union("workload"),
          field("workload")
              .maybe()
              .then(
                  type(
                      field("workloadName").required().format(Names::dns1123Subdomain),
                      field("podGroupTemplateName").required().format(Names::dns1123Label))));
  private static final Declared CONTROLLER =
      type(
          field("apiGroup").optional().format(Names::dns1123Subdomain),
          field("kind").required().format(Names::pathSegmentName),
          field("name").required().format(Names::pathSegmentName));
  private static final Declared STATUSES =
      field("resourceClaimStatuses")
          .maxItems(CLAIMS_MAX)
          .optional()
          .eachBy("name", field("resourceClaimName").maybe().format(Names::dns1123Subdomain));

  private final boolean topology;
  private final boolean claims;
  private final boolean preemption;

  WorkloadRules(Set<String> features) {
    this.topology = features.contains("TopologyAwareWorkloadScheduling");
    this.claims = features.contains("DRAWorkloadResourceClaims");
    this.preemption = features.contains("WorkloadAwarePreemption");
  }

  void declareWorkload(Group.Declaration r) {
    Declared spec =
        type(
            field("controllerRef").immutable().maybe().then(CONTROLLER),
            field("podGroupTemplates").immutable().maxItems(TEMPLATES_MAX).required().eachBy("name", template()));
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .onCreate((_, workload) -> withoutOff(workload, ObjectValue.EMPTY))
        .onUpdate((_, workload, old) -> withoutOff(workload, old))
        .createRules(spec.onCreate("spec"))
        .updateRules((workload, old, _, errors) -> update(spec, workload, old, errors));
  }

  void declarePodGroup(Group.Declaration r) {
    Declared spec =
        type(
            field("podGroupTemplateRef").immutable().maybe().then(TEMPLATE_REFERENCE),
            field("schedulingPolicy").immutable().then(POLICY),
            field("schedulingConstraints").onlyWith(topology).maybe().immutable().then(CONSTRAINTS),
            field("resourceClaims").immutable().maxItems(CLAIMS_MAX).optional().eachBy("name", CLAIM),
            (preemption ? field("disruptionMode").present() : field("disruptionMode").onlyWith(false))
                .immutable()
                .oneOf("Pod", "PodGroup"),
            field("priorityClassName").onlyWith(preemption).optional().immutable().format(Names::dns1123Subdomain),
            field("priority").onlyWith(preemption).maybe().immutable().max(PRIORITY_MAX));
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .onCreate((_, group) -> group.change("spec", podSpec -> withoutOffFields(podSpec, ObjectValue.EMPTY)))
        .onUpdate((_, group, old) -> group.change("spec", podSpec -> withoutOffFields(podSpec, old.object("spec"))))
        .createRules(spec.onCreate("spec"))
        // Upstream stores none while the gate is off, and fills it in at each reading.
        .canonical(group -> group.change("spec", podSpec -> isSet(podSpec, "disruptionMode") ? podSpec : podSpec.with("disruptionMode", "Pod")))
        .updateRules((group, old, _, errors) -> update(spec, group, old, errors));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .resetsMetadata()
        .onUpdate((_, group, old) -> withoutOffStatus(group, old))
        .updateRules((group, old, _, errors) -> status(group, old, errors));
  }

  private Declared template() {
    return type(
        field("name").required().format(Names::dns1123Label),
        field("schedulingPolicy").then(POLICY),
        field("schedulingConstraints").onlyWith(topology).maybe().then(CONSTRAINTS),
        field("resourceClaims").immutable().maxItems(CLAIMS_MAX).optional().eachBy("name", CLAIM),
        field("disruptionMode").onlyWith(preemption).maybe().oneOf("Pod", "PodGroup"),
        field("priorityClassName").onlyWith(preemption).optional().format(Names::dns1123Subdomain),
        field("priority").onlyWith(preemption).maybe().max(PRIORITY_MAX));
  }

  private static void update(Declared spec, ObjectValue object, ObjectValue old, List<FieldError> errors) {
    spec.check(object.object("spec"), old.object("spec"), true, SPEC, errors);
  }

  private static void status(ObjectValue group, ObjectValue old, List<FieldError> errors) {
    errors.addAll(ObjectMetaValidation.conditions(group.list("status", "conditions"), STATUS.child("conditions")));
    List<String> names = group.list("spec", "resourceClaims").objects().stream().map(claim -> claim.string("name")).toList();
    List<ObjectValue> statuses = group.list("status", "resourceClaimStatuses").objects();
    for (int i = 0; i < statuses.size(); i++) {
      String name = statuses.get(i).string("name");
      if (!names.contains(name)) {
        FieldPath path = STATUS.child("resourceClaimStatuses").index(i).child("name");
        errors.add(FieldError.invalid(path, name, "must match the name of an entry in `spec.resourceClaims`"));
      }
    }
    STATUSES.check(group.object("status"), old.object("status"), true, STATUS, errors);
  }

  private ObjectValue withoutOff(ObjectValue workload, ObjectValue old) {
    List<ObjectValue> before = old.list("spec", "podGroupTemplates").objects();
    List<ObjectValue> templates = workload.list("spec", "podGroupTemplates").objects();
    var kept = new ArrayList<Value>();
    for (int i = 0; i < templates.size(); i++) {
      kept.add(withoutOffFields(templates.get(i), i < before.size() ? before.get(i) : ObjectValue.EMPTY));
    }
    return kept.equals(templates) ? workload : workload.withAt(new ListValue(kept), "spec", "podGroupTemplates");
  }

  private ObjectValue withoutOffFields(ObjectValue spec, ObjectValue old) {
    ObjectValue kept = spec;
    kept = topology || isSet(old, "schedulingConstraints") ? kept : kept.without("schedulingConstraints");
    kept = claims || !old.list("resourceClaims").isEmpty() ? kept : kept.without("resourceClaims");
    kept = preemption || isSet(old, "disruptionMode") ? kept : kept.without("disruptionMode");
    kept = preemption || !old.string("priorityClassName").isEmpty() ? kept : kept.without("priorityClassName");
    return preemption || isSet(old, "priority") ? kept : kept.without("priority");
  }

  private ObjectValue withoutOffStatus(ObjectValue group, ObjectValue old) {
    boolean kept = claims || !old.list("spec", "resourceClaims").isEmpty();
    return kept ? group : group.change("status", status -> status.without("resourceClaimStatuses"));
  }
}
