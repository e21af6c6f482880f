package io.thyra.groups.batch;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.Rules;
import io.thyra.groups.SchemaOrder;
import io.thyra.groups.apps.WorkloadRules;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.DeleteTerms;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Jobs: they label their own pods, and little of them changes once they run.
/// Source: pkg/apis/batch/validation/validation.go, pkg/registry/batch/job/strategy.go.
final class JobRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath TEMPLATE = SPEC.child("template");
  private static final String LEGACY_UID = "controller-uid";
  private static final String LEGACY_NAME = "job-name";
  private static final String UID = "batch.kubernetes.io/controller-uid";
  private static final String NAME = "batch.kubernetes.io/job-name";

  private final JobSpecRules specs;
  private final Struct spec;
  private final Struct template;
  private final Struct metadata;

  private JobRules(PodTemplates templates, Struct struct) {
    this.spec = GoStruct.at(struct, "spec");
    this.template = GoStruct.at(spec, "template");
    this.metadata = GoStruct.at(struct, "metadata");
    this.specs = new JobSpecRules(templates, spec);
  }

  static void declare(Group.Declaration r, PodTemplates templates) {
    var rules = new JobRules(templates, r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .dropsStatus()
        .countsGenerations()
        .warnsOnDelete(JobRules::deleteWarnings)
        .onCreate(rules::select)
        .canonical(rules::labelled)
        .rules((job, _, errors) -> rules.job(job, null, errors), (job, old, _, errors) -> rules.job(job, old, errors))
        .updateRules((job, old, _, errors) -> rules.update(job, old, errors))
        .warns(WorkloadRules::nameWarnings)
        .warns(
            (job, old) ->
                old != null && Objects.equals(job.at("metadata", "generation"), old.at("metadata", "generation"))
                    ? List.of()
                    : rules.specs.warnings(job.object("spec"), old == null ? null : old.object("spec"), SPEC));
    // Upstream fills them in when it reads, and stores none that the client did not set.
    r.reading(rules::labelled);
    r.statusRules().named(Names.DNS_SUBDOMAIN).updateRules((job, old, _, errors) -> new JobStatusRules(job, old, errors).check());
  }

  private static List<String> deleteWarnings(DeleteTerms terms) {
    return terms.propagationPolicy() != null || terms.orphanDependents() != null
        ? List.of()
        : List.of(
            "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set"
                + " propagationPolicy=Orphan to suppress this warning");
  }

  /// Labels the pods and selects them, but for what the client said itself.
  private ObjectValue select(RequestContext context, ObjectValue job) {
    if (job.bool("spec", "manualSelector")) {
      return job;
    }
    String uid = job.string("metadata", "uid");
    String name = job.string("metadata", "name");
    ObjectValue.Builder labels = job.object("spec", "template", "metadata", "labels").toBuilder();
    putMissing(labels, LEGACY_NAME, name);
    putMissing(labels, NAME, name);
    putMissing(labels, LEGACY_UID, uid);
    putMissing(labels, UID, uid);
    ObjectValue changed = job.object("spec");
    ObjectValue old = changed.object("template");
    ObjectValue metadata =
        SchemaOrder.put(GoStruct.at(template, "metadata"), old.object("metadata"), "labels", labels.buildSorted());
    changed = changed.with("template", SchemaOrder.put(template, old, "metadata", metadata));
    ObjectValue.Builder match = changed.object("selector", "matchLabels").toBuilder();
    putMissing(match, UID, uid);
    ObjectValue selector =
        SchemaOrder.put(GoStruct.at(spec, "selector"), changed.object("selector"), "matchLabels", match.buildSorted());
    ObjectValue selected = job.with("spec", SchemaOrder.put(spec, changed, "selector", selector));
    if (job.at("metadata", "labels") != job.at("spec", "template", "metadata", "labels") || !job.object("metadata").has("labels")) {
      return selected;
    }
    // The Job was given the very labels of its template because it had none: upstream shares the map, and adds to it.
    return selected.with("metadata", SchemaOrder.put(this.metadata, job.object("metadata"), "labels", labels.buildSorted()));
  }

  /// A Job without labels is read with those of its pods.
  private ObjectValue labelled(ObjectValue job) {
    ObjectValue labels = job.object("spec", "template", "metadata", "labels");
    if (labels.isEmpty() || !job.object("metadata", "labels").isEmpty()) {
      return job;
    }
    return job.with("metadata", SchemaOrder.put(metadata, job.object("metadata"), "labels", labels));
  }

  private static void putMissing(ObjectValue.Builder map, String key, String value) {
    if (!map.has(key)) {
      map.put(key, value);
    }
  }

  private void job(ObjectValue job, @Nullable ObjectValue old, List<FieldError> errors) {
    ObjectValue oldLabels = old == null ? ObjectValue.EMPTY : old.object("spec", "template", "metadata", "labels");
    boolean prefixed = old == null || oldLabels.has(NAME) && oldLabels.has(UID);
    generatedSelector(job, prefixed, errors);
    ObjectValue given = job.object("spec");
    whole(given, old == null ? null : old.object("spec"), errors);
    long completions = number(given, "completions");
    if (JobSpecRules.isIndexed(given) && completions > 0) {
      String name = job.string("metadata", "name");
      String host = name + "-" + (completions - 1);
      if (!Names.dns1123Label(host).isEmpty()) {
        errors.add(
            FieldError.invalid(
                FieldPath.of("metadata", "name"), name, "will not able to create pod with invalid DNS label: " + host));
      }
    }
  }

  private void whole(ObjectValue given, @Nullable ObjectValue old, List<FieldError> errors) {
    specs.check(given, old, SPEC, errors);
    if (isSet(given, "selector")) {
      Checks.selector(given, "selector", old != null && Checks.hasInvalidValues(old.get("selector")), SPEC, errors);
    } else {
      errors.add(FieldError.required(SPEC.child("selector"), ""));
    }
    ObjectValue labels = given.object("template", "metadata", "labels");
    Checks.findSelector(given.get("selector"))
        .filter(selector -> !selector.matches(labels))
        .ifPresent(
            _ ->
                errors.add(
                    FieldError.invalid(
                        TEMPLATE.child("metadata", "labels"),
                        Checks.map(given.object("template", "metadata"), "labels"),
                        "`selector` does not match template `labels`")));
  }

  private static void generatedSelector(ObjectValue job, boolean prefixed, List<FieldError> errors) {
    if (job.bool("spec", "manualSelector") || !isSet(job.at("spec", "selector"))) {
      return;
    }
    String uid = job.string("metadata", "uid");
    String name = job.string("metadata", "name");
    if (uid.isEmpty()) {
      errors.add(FieldError.required(FieldPath.of("metadata", "uid"), ""));
    }
    ObjectValue labels = job.object("spec", "template", "metadata", "labels");
    var expected = ObjectValue.builder();
    hasLabel(labels, LEGACY_UID, uid, expected, errors);
    hasLabel(labels, LEGACY_NAME, name, expected, errors);
    if (prefixed) {
      hasLabel(labels, UID, uid, expected, errors);
      hasLabel(labels, NAME, name, expected, errors);
    }
    ObjectValue all = expected.build();
    Value selector = job.at("spec", "selector");
    Checks.findSelector(selector)
        .filter(s -> !s.matches(all))
        .ifPresent(_ -> errors.add(Checks.invalid(SPEC.child("selector"), selector, "`selector` not auto-generated")));
  }

  private static void hasLabel(
      ObjectValue labels, String key, String wanted, ObjectValue.Builder expected, List<FieldError> errors) {
    expected.put(key, wanted);
    FieldPath path = TEMPLATE.child("metadata", "labels").key(key);
    if (!labels.has(key)) {
      errors.add(FieldError.required(path, "must be '" + wanted + "'"));
    } else if (!labels.string(key).equals(wanted)) {
      errors.add(FieldError.invalid(path, labels, "must be '" + wanted + "'"));
    }
  }

  private void update(ObjectValue job, ObjectValue old, List<FieldError> errors) {
    ObjectValue now = job.object("spec");
    ObjectValue before = old.object("spec");
    whole(now, before, errors);
    completions(now, before, errors);
    Checks.immutable(now, before, SPEC, errors, "selector");
    template(now, old, errors);
    immutable(now, before, errors, "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy");
  }

  private static void completions(ObjectValue now, ObjectValue before, List<FieldError> errors) {
    if (!JobSpecRules.isIndexed(now)) {
      Checks.immutable(now, before, SPEC, errors, "completions");
      return;
    }
    boolean same = Objects.equals(now.get("completions"), before.get("completions"));
    if (!same && isSet(now, "completions") && number(now, "completions") != number(now, "parallelism")) {
      errors.add(
          FieldError.invalid(
              SPEC.child("completions"), number(now, "completions"), "can only be modified in tandem with spec.parallelism"));
    }
  }

  private void immutable(ObjectValue now, ObjectValue before, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      if (!Objects.equals(now.get(field), before.get(field))) {
        var type = Objects.requireNonNull(spec.field(field));
        errors.add(
            FieldError.invalidPrinted(
                SPEC.child(field), GoText.of(GoStruct.of(type.shape(), now.get(field))), ObjectMetaValidation.IMMUTABLE));
      }
    }
  }

  /// The pods of a Job that is suspended and has none may be scheduled and dimensioned anew.
  private void template(ObjectValue now, ObjectValue old, List<FieldError> errors) {
    boolean suspended = old.bool("spec", "suspend");
    boolean started = isSet(old.at("status", "startTime"));
    boolean mutable =
        suspended
            && (!started || Checks.isTrue(old.object("status"), "Suspended"))
            && number(old, "status", "active") == 0;
    ObjectValue wanted = now.object("template");
    ObjectValue before = old.object("spec", "template");
    if (mutable) {
      before = rescheduled(before, wanted);
    }
    if (suspended && mutable) {
      ObjectValue resized = resized(before.object("spec"), wanted.object("spec"));
      if (!wanted.object("spec").equals(resized)) {
        Struct pod = GoStruct.at(template, "spec");
        errors.add(
            FieldError.invalidPrinted(
                SPEC.child("template.spec"), GoText.of(GoStruct.of(pod, wanted.get("spec"))), Rules.IMMUTABLE));
      }
    } else if (!wanted.equals(before)) {
      errors.add(FieldError.invalidPrinted(TEMPLATE, GoText.of(GoStruct.of(template, wanted)), Rules.IMMUTABLE));
    }
  }

  private static ObjectValue rescheduled(ObjectValue before, ObjectValue wanted) {
    ObjectValue metadata = copy(before.object("metadata"), wanted.object("metadata"), "annotations", "labels");
    ObjectValue pod = copy(before.object("spec"), wanted.object("spec"), "nodeSelector", "tolerations", "schedulingGates");
    ObjectValue affinity = copy(pod.object("affinity"), wanted.object("spec", "affinity"), "nodeAffinity");
    boolean none = affinity.isEmpty() && !isSet(wanted.at("spec", "affinity"));
    pod = none ? pod.without("affinity") : pod.with("affinity", affinity);
    return before.with("metadata", metadata).with("spec", pod);
  }

  private static ObjectValue resized(ObjectValue before, ObjectValue wanted) {
    ObjectValue resized = before;
    for (String field : List.of("containers", "initContainers")) {
      List<ObjectValue> old = before.list(field).objects();
      List<ObjectValue> now = wanted.list(field).objects();
      if (old.size() == now.size() && !old.isEmpty()) {
        List<Value> out = new ArrayList<>();
        for (int i = 0; i < old.size(); i++) {
          boolean same = old.get(i).string("name").equals(now.get(i).string("name"));
          out.add(same ? copy(old.get(i), now.get(i), "resources") : old.get(i));
        }
        resized = resized.with(field, new ListValue(out));
      }
    }
    return resized;
  }

  private static ObjectValue copy(ObjectValue to, ObjectValue from, String... fields) {
    ObjectValue out = to;
    for (String field : fields) {
      Value value = from.get(field);
      out = value == null || value == NullValue.NULL ? out.without(field) : out.with(field, value);
    }
    return out;
  }
}
