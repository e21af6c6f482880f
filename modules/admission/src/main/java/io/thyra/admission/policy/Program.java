package io.thyra.admission.policy;

import io.thyra.cel.CompilationException;
import io.thyra.cel.Evaluation;
import io.thyra.cel.Expression;
import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.PolicyCompiler.Uses;
import io.thyra.cel.Variables;
import org.jspecify.annotations.Nullable;

/// An expression of a policy, compiled as far as that goes. Immutable.
/// Source: apiserver pkg/admission/plugin/cel/activation.go.
///
/// @param expression null when it does not compile
/// @param error why it does not compile, empty when it does
record Program(String text, @Nullable Expression expression, String error) {
  static Program of(PolicyCompiler compiler, String text, Uses uses, String... types) {
    try {
      return new Program(text, compiler.compile(text, uses, types), "");
    } catch (CompilationException e) {
      return new Program(text, null, e.getMessage());
    }
  }

  /// @param result the value, null when there is none
  /// @param error why there is none, empty when there is one
  record Outcome(@Nullable Evaluation result, String error) {
    boolean failed() {
      return result == null;
    }
  }

  /// @throws Budget.Exhausted when it costs more than is left
  Outcome evaluate(Variables variables, Budget budget) throws Budget.Exhausted {
    if (expression == null) {
      return new Outcome(null, "compilation error: " + error);
    }
    Evaluation evaluation = expression.evaluate(variables);
    budget.spend(evaluation.cost());
    return evaluation
        .error()
        .map(e -> new Outcome(null, "expression '" + text + "' resulted in error: " + e.getMessage()))
        .orElseGet(() -> new Outcome(evaluation, ""));
  }
}
