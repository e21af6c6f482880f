package io.thyra.codec;

/// Bytes that are no object of the expected type. The message is the text of upstream's decoder, without what the
/// routes put in front of it. Expected, so it has no stack trace.
public final class DecodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    super(message, null, false, false);
  }

  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
