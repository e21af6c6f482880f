package io.thyra.config;

/// A flag or file that the server cannot start with. The message is one line for the person who typed it.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message, null, false, false);
  }
}
