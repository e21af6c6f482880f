package io.thyra.model;

/// One node of an object while it is being written: immutable, so that a patch may share what it does not touch.
/// The tree of a built-in object is exactly the JSON document that upstream would print for it: fields in schema order,
/// unknown ones gone, quantities and times in canonical form, and the zero values that upstream never leaves out
/// (`status: {}`, `containers: null`) present.
public sealed interface Value permits ObjectValue, ListValue, StringValue, NumberValue, BooleanValue, NullValue {
  static Value of(String text) {
    return new StringValue(text);
  }

  static Value of(long number) {
    return new IntegerValue(number);
  }

  static Value of(boolean truth) {
    return BooleanValue.of(truth);
  }

  /// The JSON word for the type of this value: object, array, string, number, bool or null, as Go's decoder calls it.
  default String jsonType() {
    return switch (this) {
      case ObjectValue _ -> "object";
      case ListValue _ -> "array";
      case StringValue _ -> "string";
      case NumberValue _ -> "number";
      case BooleanValue _ -> "bool";
      case NullValue _ -> "null";
    };
  }

  default boolean isNull() {
    return this == NullValue.NULL;
  }
}
