package io.thyra.model;

import java.util.Objects;

/// A JSON number that is no 64-bit integer. Keeps its source text, because JSON patch compares numbers by text.
public record DecimalValue(String text) implements NumberValue {
  public DecimalValue {
    Objects.requireNonNull(text);
  }

  /// The number in the shortest form that reads back as the same double, as Go's encoder prints it.
  public static DecimalValue of(double value) {
    return new DecimalValue(GoFloat.print(value));
  }

  @Override
  public double doubleValue() {
    return Double.parseDouble(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
