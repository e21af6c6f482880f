package io.thyra.model;

import java.util.List;

/// Carries a [Failure] through code that returns something else. Expected, so it has no stack trace.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final transient List<String> warnings;

  public ApiException(Failure failure) {
    this(failure, List.of());
  }

  private ApiException(Failure failure, List<String> warnings) {
    super(null, null, false, false);
    this.failure = failure;
    this.warnings = warnings;
  }

  /// The same failure, whose answer warns as well.
  public ApiException withWarnings(List<String> told) {
    return new ApiException(failure, List.copyOf(told));
  }

  /// Texts for `Warning: 299 - "…"` headers of the answer.
  public List<String> warnings() {
    return warnings;
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
