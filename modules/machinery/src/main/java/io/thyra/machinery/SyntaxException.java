package io.thyra.machinery;

/// A text that does not parse: a selector, a schedule, a token, a path. The message is upstream's; the caller knows
/// whether it becomes a bad request or the detail of a field error. Expected, so it has no stack trace.
public final class SyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SyntaxException(String message) {
    super(message, null, false, false);
  }

  /// Upstream's text, never null.
  public String text() {
    return String.valueOf(getMessage());
  }
}
