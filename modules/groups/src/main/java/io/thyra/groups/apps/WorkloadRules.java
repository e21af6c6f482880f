package io.thyra.groups.apps;

import static io.thyra.groups.Checks.notNegative;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.PodTemplates;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.LabelSelector;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the kinds that run pods from a template have in common.
/// Source: pkg/apis/apps/validation/validation.go.
public final class WorkloadRules {
  static final FieldPath SPEC = FieldPath.of("spec");
  static final FieldPath TEMPLATE = SPEC.child("template");
  static final FieldPath STATUS = FieldPath.of("status");
  static final String UNMATCHED = "`selector` does not match template `labels`";
  private static final String OF_REPLICAS = "cannot be greater than status.replicas";

  private WorkloadRules() {}

  /// The stored template, null on create.
  static @Nullable ObjectValue template(@Nullable ObjectValue object) {
    return object == null ? null : object.object("spec", "template");
  }

  /// Selector and template of Deployments and ReplicaSets, which both complain in the name of the other.
  static void replicated(
      ObjectValue spec, @Nullable ObjectValue old, FieldPath path, PodTemplates templates, List<FieldError> errors) {
    requiredSelector(spec, "empty selector is invalid for deployment", path, errors);
    Optional<LabelSelector> selector = Checks.findSelector(spec.get("selector"));
    if (selector.isEmpty()) {
      errors.add(Checks.invalid(path.child("selector"), spec.get("selector"), "invalid label selector"));
      return;
    }
    FieldPath at = path.child("template");
    ObjectValue template = spec.object("template");
    matches(selector.get(), template, at, errors);
    templates.check(template, old, at, errors);
    alwaysRestarts(template, "ReplicaSet", at, errors);
  }

  static void requiredSelector(ObjectValue spec, String empty, FieldPath path, List<FieldError> errors) {
    if (!Checks.isSet(spec, "selector")) {
      errors.add(FieldError.required(path.child("selector"), ""));
      return;
    }
    Checks.selector(spec, "selector", false, path, errors);
    ObjectValue selector = spec.object("selector");
    if (Checks.isEmptySelector(selector)) {
      errors.add(FieldError.invalid(path.child("selector"), selector, empty));
    }
  }

  /// A selector that selects something selects the template; one that selects nothing at all does not count as empty.
  static void matches(LabelSelector selector, ObjectValue template, FieldPath path, List<FieldError> errors) {
    if (!selector.isEmpty() && !selector.matches(template.object("metadata", "labels"))) {
      errors.add(FieldError.invalid(path.child("metadata", "labels"), Checks.map(template.object("metadata"), "labels"), UNMATCHED));
    }
  }

  static void alwaysRestarts(ObjectValue template, String kind, FieldPath path, List<FieldError> errors) {
    Checks.oneOf(template.string("spec", "restartPolicy"), path.child("spec", "restartPolicy"), errors, "Always");
    if (Checks.isSet(template.at("spec", "activeDeadlineSeconds"))) {
      errors.add(
          FieldError.forbidden(path.child("spec", "activeDeadlineSeconds"), "activeDeadlineSeconds in " + kind + " is not Supported"));
    }
  }

  /// Counts of a status, none more than all replicas, and no more available than ready.
  static void counts(ObjectValue status, List<FieldError> errors, String available, String... parts) {
    long replicas = number(status, "replicas");
    for (String part : parts) {
      if (number(status, part) > replicas) {
        errors.add(FieldError.invalid(STATUS.child(part), number(status, part), OF_REPLICAS));
      }
    }
    if (number(status, "availableReplicas") > number(status, "readyReplicas")) {
      errors.add(FieldError.invalid(STATUS.child("availableReplicas"), number(status, "availableReplicas"), available));
    }
  }

  static void statusNotNegative(ObjectValue object, List<FieldError> errors, String... fields) {
    notNegative(object.object("status"), STATUS, errors, fields);
  }

  /// A controller counts collisions up only.
  static void collisions(ObjectValue object, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    Value before = old.at("status", "collisionCount");
    long now = number(object, "status", "collisionCount");
    if (Checks.isSet(before)
        && (!Checks.isSet(object.at("status", "collisionCount")) || now < number(old, "status", "collisionCount"))) {
      errors.add(FieldError.invalid(STATUS.child("collisionCount"), now, "cannot be decremented"));
    }
  }

  static final UpdateRule IMMUTABLE_SELECTOR =
      (object, old, _, errors) -> Checks.immutable(object.object("spec"), old.object("spec"), SPEC, errors, "selector");

  /// The warnings about a template, told again only when the object's generation grows.
  static KindStrategy.Warnings templateWarnings(PodTemplates templates) {
    return (object, old) ->
        old != null && sameGeneration(object, old)
            ? List.of()
            : templates.warnings(object.object("spec", "template"), template(old), TEMPLATE);
  }

  static boolean sameGeneration(ObjectValue object, ObjectValue old) {
    return Objects.equals(object.at("metadata", "generation"), old.at("metadata", "generation"));
  }

  /// New objects whose pods could not be called after them.
  public static List<String> nameWarnings(ObjectValue object, @Nullable ObjectValue old) {
    List<String> complaints = Names.dns1123Label(object.string("metadata", "name"));
    var warnings = new ArrayList<String>();
    if (old == null && !complaints.isEmpty()) {
      warnings.add(
          "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is "
              + "recommended: ["
              + String.join(" ", complaints)
              + "]");
    }
    return warnings;
  }
}
