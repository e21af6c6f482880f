package io.thyra.cel;

/// A part of an expression, ready to be evaluated. Immutable.
@FunctionalInterface
interface Step {
  /// @throws EvaluationException when it has no value
  Object evaluate(Frame frame);
}
