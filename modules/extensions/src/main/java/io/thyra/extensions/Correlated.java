package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value, what it was before, and their schema, so that what an update leaves as it was need not be valid. Fields belong
/// together by their names, items of lists of type map by their keys, other items not at all. For one validation.
/// Source: apiserver pkg/cel/common/equality.go.
final class Correlated {
  private final Value value;
  private final Value old;
  private final StructuralSchema schema;
  private @Nullable Boolean same;

  Correlated(Value value, Value old, StructuralSchema schema) {
    this.value = value;
    this.old = old;
    this.schema = schema;
  }

  /// A field and what it was; null when it was not there or nothing is known of it.
  @Nullable Correlated field(String name) {
    if (!(value instanceof ObjectValue now) || !(old instanceof ObjectValue before)) {
      return null;
    }
    Value newField = now.get(name);
    Value oldField = before.get(name);
    StructuralSchema declared = schema.field(name);
    return newField == null || oldField == null || declared == null ? null : new Correlated(newField, oldField, declared);
  }

  /// An item and what it was; null when that cannot be said.
  @Nullable Correlated item(int index) {
    if (!(value instanceof ListValue now) || !(old instanceof ListValue before) || schema.items == null) {
      return null;
    }
    if (!"map".equals(schema.listType) || !(now.get(index) instanceof ObjectValue item)) {
      return null;
    }
    List<String> keys = schema.listMapKeys;
    ObjectValue key = ListTypes.key(item, keys);
    for (ObjectValue candidate : before.objects()) {
      if (ListTypes.key(candidate, keys).equals(key)) {
        return new Correlated(item, candidate, schema.items);
      }
    }
    return null;
  }

  /// Whether nothing changed. Objects with fields of which nothing is known count as changed.
  boolean unchanged() {
    Boolean known = same;
    if (known == null) {
      known = compare();
      same = known;
    }
    return known;
  }

  private boolean compare() {
    if (value instanceof ListValue now && old instanceof ListValue before) {
      if (now.size() != before.size()) {
        return false;
      }
      boolean byKey = "map".equals(schema.listType);
      for (int i = 0; i < now.size(); i++) {
        Correlated item = item(i);
        if (item == null) {
          return !byKey && now.equals(before);
        }
        if (!item.unchanged()) {
          return false;
        }
      }
      return true;
    }
    if (value instanceof ObjectValue now && old instanceof ObjectValue before) {
      if (now.size() != before.size()) {
        return false;
      }
      for (String name : now.names()) {
        Correlated field = field(name);
        if (field == null || !field.unchanged()) {
          return false;
        }
      }
      return true;
    }
    return value.equals(old);
  }
}
