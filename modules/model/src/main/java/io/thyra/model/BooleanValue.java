package io.thyra.model;

/// A JSON truth value.
public enum BooleanValue implements Value {
  FALSE,
  TRUE;

  public static BooleanValue of(boolean truth) {
    return truth ? TRUE : FALSE;
  }

  public boolean value() {
    return this == TRUE;
  }

  @Override
  public String toString() {
    return this == TRUE ? "true" : "false";
  }
}
