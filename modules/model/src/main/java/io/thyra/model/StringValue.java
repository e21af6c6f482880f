package io.thyra.model;

import java.util.Objects;

/// A JSON string.
public record StringValue(String value) implements Value {
  public static final StringValue EMPTY = new StringValue("");

  public StringValue {
    Objects.requireNonNull(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
