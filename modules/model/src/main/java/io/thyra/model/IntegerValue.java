package io.thyra.model;

/// A JSON number without fraction or exponent that fits a signed 64-bit integer.
public record IntegerValue(long value) implements NumberValue {
  public static final IntegerValue ZERO = new IntegerValue(0);

  @Override
  public String text() {
    return Long.toString(value);
  }

  @Override
  public double doubleValue() {
    return value;
  }

  @Override
  public String toString() {
    return text();
  }
}
