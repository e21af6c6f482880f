package io.thyra.cel;

/// The end of an evaluation that costs more than it may; no operator passes it over.
public final class CostLimitException extends EvaluationException {
  private static final long serialVersionUID = 1L;

  CostLimitException() {
    super("operation cancelled: actual cost limit exceeded");
  }
}
