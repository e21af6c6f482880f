package io.thyra.cel;

/// Why an expression has no value, in the words of cel-go. Operators that need only one of their sides pass it over.
public sealed class EvaluationException extends RuntimeException permits CostLimitException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(String message) {
    super(message);
  }

  static EvaluationException noSuchOverload() {
    return new EvaluationException("no such overload");
  }

  static EvaluationException noSuchKey(Object key) {
    return new EvaluationException("no such key: " + CelValues.print(key));
  }

  static EvaluationException conversion(String from, String to) {
    return new EvaluationException("type conversion error from '" + from + "' to '" + to + "'");
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  // An error is an ordinary value here, and nobody reads where it arose.
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
