package io.thyra.model;

/// A JSON number: an integer that fits 64 bits, or anything else with the text it was written in.
public sealed interface NumberValue extends Value permits IntegerValue, DecimalValue {
  /// The number as it is written in JSON.
  String text();

  double doubleValue();
}
