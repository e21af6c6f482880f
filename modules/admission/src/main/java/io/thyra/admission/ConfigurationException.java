package io.thyra.admission;

/// A configuration file of admission that cannot be used; the message says why in upstream's words.
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String message) {
    super(message);
  }
}
