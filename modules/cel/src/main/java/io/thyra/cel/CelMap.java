package io.thyra.cel;

import org.jspecify.annotations.Nullable;

/// A map or an object as expressions see it.
interface CelMap {
  /// The value of a key; null when there is none.
  @Nullable Object find(Object key);

  int size();

  Iterable<Object> keys();

  /// The name of the type that `type()` tells.
  default String typeName() {
    return "map";
  }
}
