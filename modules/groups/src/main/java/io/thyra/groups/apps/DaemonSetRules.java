package io.thyra.groups.apps;

import static io.thyra.groups.Checks.notNegative;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.IntOrPercent;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.SchemaOrder;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// DaemonSets. Their count of template changes lives in an annotation that only the server writes.
/// Source: pkg/apis/apps/validation/validation.go, pkg/apis/apps/v1/conversion.go, pkg/registry/apps/daemonset/strategy.go.
final class DaemonSetRules {
  private static final FieldPath SPEC = WorkloadRules.SPEC;
  private static final String GENERATION = "deprecated.daemonset.template.generation";

  private final PodTemplates templates;
  private final Struct strategy;
  private final Struct metadata;

  private DaemonSetRules(PodTemplates templates, Struct struct) {
    this.templates = templates;
    this.strategy = GoStruct.at(struct, "spec", "updateStrategy");
    this.metadata = GoStruct.at(struct, "metadata");
  }

  static void declare(Group.Declaration r, PodTemplates templates) {
    var rules = new DaemonSetRules(templates, r.struct());
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .countsGenerations()
        .onCreate(rules::countTemplate)
        .onUpdate(rules::countTemplate)
        .createRules((object, _, errors) -> rules.spec(object.object("spec"), null, errors))
        .updateRules(WorkloadRules.IMMUTABLE_SELECTOR)
        .updateRules((object, old, _, errors) -> rules.spec(object.object("spec"), old.object("spec"), errors))
        .warns(
            (object, old) ->
                old != null && templateGeneration(object) == templateGeneration(old)
                    ? List.of()
                    : templates.warnings(object.object("spec", "template"), WorkloadRules.template(old), WorkloadRules.TEMPLATE));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .updateRules(
            (object, _, _, errors) ->
                WorkloadRules.statusNotNegative(
                    object,
                    errors,
                    "currentNumberScheduled",
                    "numberMisscheduled",
                    "desiredNumberScheduled",
                    "numberReady",
                    "observedGeneration",
                    "updatedNumberScheduled",
                    "numberAvailable",
                    "numberUnavailable",
                    "collisionCount"))
        .updateRules(WorkloadRules::collisions);
  }

  private static long templateGeneration(ObjectValue object) {
    try {
      return Long.parseLong(object.object("metadata", "annotations").string(GENERATION));
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private ObjectValue withTemplateGeneration(ObjectValue object, long generation) {
    ObjectValue annotations = object.object("metadata", "annotations").with(GENERATION, Long.toString(generation));
    ObjectValue sorted = annotations.toBuilder().buildSorted();
    return object.with("metadata", SchemaOrder.put(metadata, object.object("metadata"), "annotations", sorted));
  }

  private ObjectValue countTemplate(RequestContext context, ObjectValue object) {
    return withTemplateGeneration(object, Math.max(1, templateGeneration(object)));
  }

  private ObjectValue countTemplate(RequestContext context, ObjectValue object, ObjectValue old) {
    boolean changed = !Objects.equals(object.at("spec", "template"), old.at("spec", "template"));
    return withTemplateGeneration(object, templateGeneration(old) + (changed ? 1 : 0));
  }

  private void spec(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    boolean lenient = old != null && Checks.hasInvalidValues(old.get("selector"));
    FieldPath at = SPEC.child("template");
    Checks.selector(spec, "selector", lenient, SPEC, errors);
    ObjectValue template = spec.object("template");
    Checks.findSelector(spec.get("selector"))
        .filter(selector -> !selector.matches(template.object("metadata", "labels")))
        .ifPresent(
            _ ->
                errors.add(
                    FieldError.invalid(
                        at.child("metadata", "labels"), Checks.map(template.object("metadata"), "labels"), WorkloadRules.UNMATCHED)));
    if (spec.get("selector") instanceof ObjectValue selector && Checks.isEmptySelector(selector)) {
      errors.add(FieldError.invalid(SPEC.child("selector"), selector, "empty selector is invalid for daemonset"));
    }
    templates.check(template, old == null ? null : old.object("template"), at, errors);
    WorkloadRules.alwaysRestarts(template, "DaemonSet", at, errors);
    notNegative(spec, SPEC, errors, "minReadySeconds");
    updateStrategy(spec.object("updateStrategy"), SPEC.child("updateStrategy"), errors);
    notNegative(spec, SPEC, errors, "revisionHistoryLimit");
  }

  private void updateStrategy(ObjectValue update, FieldPath path, List<FieldError> errors) {
    switch (update.string("type")) {
      case "OnDelete" -> {}
      case "RollingUpdate" -> {
        if (update.get("rollingUpdate") instanceof ObjectValue given) {
          rollingUpdate(given, path.child("rollingUpdate"), errors);
        } else {
          errors.add(FieldError.required(path.child("rollingUpdate"), ""));
        }
      }
      default ->
          errors.add(Checks.notSupportedPrinted(path, GoText.of(GoStruct.of(strategy, update)), "RollingUpdate", "OnDelete"));
    }
  }

  private static void rollingUpdate(ObjectValue update, FieldPath path, List<FieldError> errors) {
    List<String> fields = List.of("maxUnavailable", "maxSurge");
    fields.forEach(field -> IntOrPercent.positive(update.get(field), path.child(field), errors));
    fields.forEach(field -> IntOrPercent.atMost100(update.get(field), path.child(field), errors));
    boolean unavailable = IntOrPercent.value(update.get("maxUnavailable")) != 0;
    boolean surge = IntOrPercent.value(update.get("maxSurge")) != 0;
    if (unavailable && surge) {
      errors.add(Checks.invalid(path.child("maxSurge"), update.get("maxSurge"), "may not be set when maxUnavailable is non-zero"));
    } else if (!unavailable && !surge) {
      errors.add(FieldError.required(path.child("maxUnavailable"), "cannot be 0 when maxSurge is 0"));
    }
  }
}
