package io.thyra.model;

/// Carries a [Failure] through code that returns something else. Expected, so it has no stack trace.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  public ApiException(Failure failure) {
    super(null, null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }

  public Status status() {
    return Status.of(failure);
  }

  @Override
  public String getMessage() {
    return status().message();
  }
}
