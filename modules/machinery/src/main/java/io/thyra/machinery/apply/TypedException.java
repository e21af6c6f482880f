package io.thyra.machinery.apply;

/// An object that does not fit its type, or a conversion that failed; the message is upstream's. Expected, so it has no
/// stack trace. Whoever tracks an update drops the managed fields, whoever applies tells the client.
final class TypedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TypedException(String message) {
    super(message, null, false, false);
  }
}
