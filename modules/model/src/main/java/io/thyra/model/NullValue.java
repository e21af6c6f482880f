package io.thyra.model;

/// The JSON null.
public enum NullValue implements Value {
  NULL;

  @Override
  public String toString() {
    return "null";
  }
}
