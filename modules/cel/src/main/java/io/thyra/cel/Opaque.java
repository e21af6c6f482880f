package io.thyra.cel;

/// A value of a type that a library brings.
interface Opaque {
  String typeName();

  /// What the value counts for in costs that depend on sizes.
  default long size() {
    return 1;
  }
}
