package io.thyra.cel;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An object that an expression made of one of the types it knows: `Object{…}`, `JSONPatch{…}`.
///
/// @param typeName the name of its type
/// @param fields values by the identifiers of fields
record StructValue(String typeName, Map<String, Object> fields) implements CelMap {
  @Override
  public @Nullable Object find(Object key) {
    return fields.get(key);
  }

  @Override
  public int size() {
    return fields.size();
  }

  @Override
  public Iterable<Object> keys() {
    return java.util.List.copyOf(fields.keySet());
  }
}
