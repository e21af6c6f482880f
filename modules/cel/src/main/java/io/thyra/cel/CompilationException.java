package io.thyra.cel;

/// Why an expression cannot be compiled: the issues as cel-go prints them, one below the other.
public final class CompilationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CompilationException(String issues) {
    super(issues, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
