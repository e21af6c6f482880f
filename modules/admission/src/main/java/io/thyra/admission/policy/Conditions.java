package io.thyra.admission.policy;

import io.thyra.cel.Costs;
import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.PolicyCompiler.Uses;
import io.thyra.cel.Variables;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// The match conditions of a policy or webhook, compiled. Immutable.
/// Source: apiserver pkg/admission/plugin/webhook/matchconditions/matcher.go.
record Conditions(List<Program> programs) {
  static Conditions of(List<ObjectValue> conditions, boolean params) {
    PolicyCompiler compiler = PolicyCompiler.stateless();
    var uses = new Uses(params, true, false);
    return new Conditions(conditions.stream().map(c -> Program.of(compiler, c.string("expression"), uses, "bool")).toList());
  }

  /// @param error why it cannot be said, empty when it can
  record Outcome(boolean matches, String error) {}

  /// Whether all conditions hold. One that does not settles it, whatever is wrong with others.
  ///
  /// @param ignoresErrors whether one that has no value counts as one that does not hold
  Outcome match(PolicyInput input, boolean ignoresErrors) {
    if (programs.isEmpty()) {
      return new Outcome(true, "");
    }
    Variables variables = input.variables(true);
    var budget = new Budget(Costs.MATCH_CONDITIONS_BUDGET);
    var outcomes = new ArrayList<Program.Outcome>();
    try {
      for (Program program : programs) {
        outcomes.add(program.evaluate(variables, budget));
      }
    } catch (Budget.Exhausted e) {
      return new Outcome(false, ignoresErrors ? "" : e.getMessage());
    }
    var errors = new LinkedHashSet<String>();
    for (Program.Outcome outcome : outcomes) {
      if (outcome.result() == null) {
        errors.add(outcome.error());
      } else if (!outcome.result().isTrue()) {
        return new Outcome(false, "");
      }
    }
    if (errors.isEmpty()) {
      return new Outcome(true, "");
    }
    String all = errors.size() == 1 ? errors.getFirst() : "[" + String.join(", ", errors) + "]";
    return new Outcome(false, ignoresErrors ? "" : all);
  }
}
