package io.thyra.admission.webhook;

/// A webhook could not be asked, or its answer is none. The message goes into the error that tells of it.
final class CallFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CallFailure(String message) {
    super(message, null, false, false);
  }
}
