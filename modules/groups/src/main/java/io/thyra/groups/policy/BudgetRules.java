package io.thyra.groups.policy;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.IntOrPercent;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;

/// PodDisruptionBudgets. Source: pkg/apis/policy/validation/validation.go.
final class BudgetRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");

  private BudgetRules() {}

  static void declare(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .dropsStatus()
        .countsGenerations()
        .requiresResourceVersion()
        .createRules((object, _, errors) -> spec(object.object("spec"), spec, false, errors))
        .updateRules(
            (object, old, _, errors) ->
                spec(object.object("spec"), spec, Checks.hasInvalidValues(old.at("spec", "selector")), errors));
    r.statusRules()
        .requiresResourceVersion()
        .updateRules(
            (object, _, _, errors) -> {
              ObjectValue status = object.object("status");
              errors.addAll(ObjectMetaValidation.conditions(status.list("conditions"), STATUS.child("conditions")));
              Checks.notNegative(
                  status, STATUS, errors, "disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");
            });
  }

  private static void spec(ObjectValue spec, Struct struct, boolean lenient, List<FieldError> errors) {
    if (Checks.isSet(spec, "minAvailable") && Checks.isSet(spec, "maxUnavailable")) {
      errors.add(
          FieldError.invalidPrinted(
              SPEC, GoText.of(GoStruct.of(struct, spec)), "minAvailable and maxUnavailable cannot be both set"));
    }
    for (String field : List.of("minAvailable", "maxUnavailable")) {
      IntOrPercent.positive(spec.get(field), SPEC.child(field), errors);
      IntOrPercent.atMost100(spec.get(field), SPEC.child(field), errors);
    }
    Checks.selector(spec, "selector", lenient, SPEC, errors);
    if (Checks.isSet(spec, "unhealthyPodEvictionPolicy")) {
      Checks.oneOf(
          spec.string("unhealthyPodEvictionPolicy"),
          SPEC.child("unhealthyPodEvictionPolicy"),
          errors,
          "AlwaysAllow",
          "IfHealthyBudget");
    }
  }
}
