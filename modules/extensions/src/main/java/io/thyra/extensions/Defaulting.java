package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Fills in the defaults of a schema, and drops the nulls that it does not allow. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/defaulting/algorithm.go, prunenulls.go.
final class Defaulting {
  private Defaulting() {}

  static ObjectValue apply(ObjectValue object, StructuralSchema schema) {
    return object(object, schema);
  }

  private static Value value(Value value, @Nullable StructuralSchema schema) {
    if (schema == null) {
      return value;
    }
    return switch (value) {
      case ObjectValue object -> object(object, schema);
      case ListValue list -> list.map(item -> value(filled(item, schema.items), schema.items));
      default -> value;
    };
  }

  private static ObjectValue object(ObjectValue object, StructuralSchema schema) {
    ObjectValue changed = object;
    for (Map.Entry<String, StructuralSchema> property : schema.properties.entrySet()) {
      Value byDefault = property.getValue().byDefault;
      if (byDefault == null) {
        continue;
      }
      Value there = changed.get(property.getKey());
      if (there == null || isForbiddenNull(there, property.getValue())) {
        changed = changed.with(property.getKey(), byDefault);
      }
    }
    for (int i = 0; i < changed.size(); i++) {
      String name = changed.nameAt(i);
      Value before = changed.valueAt(i);
      StructuralSchema declared = schema.properties.get(name);
      if (declared != null) {
        changed = changed.with(name, value(before, declared));
      } else if (schema.additional != null) {
        changed = changed.with(name, value(filled(before, schema.additional), schema.additional));
      }
    }
    return changed;
  }

  private static Value filled(Value value, @Nullable StructuralSchema schema) {
    if (!isForbiddenNull(value, schema)) {
      return value;
    }
    return schema == null || schema.byDefault == null ? NullValue.NULL : schema.byDefault;
  }

  private static boolean isForbiddenNull(Value value, @Nullable StructuralSchema schema) {
    return value.isNull() && schema != null && !schema.nullable;
  }

  /// The object without nulls that are neither allowed nor replaced by a default.
  static ObjectValue withoutForbiddenNulls(ObjectValue object, @Nullable StructuralSchema schema) {
    var out = ObjectValue.builder(object.size());
    boolean changed = false;
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      Value before = object.valueAt(i);
      StructuralSchema field = schema == null ? null : schema.field(name);
      if (isForbiddenNull(before, field) && (field == null || field.byDefault == null)) {
        changed = true;
        continue;
      }
      Value after = withoutForbiddenNulls(before, field);
      changed |= after != before;
      out.put(name, after);
    }
    return changed ? out.build() : object;
  }

  private static Value withoutForbiddenNulls(Value value, @Nullable StructuralSchema schema) {
    return switch (value) {
      case ObjectValue object -> withoutForbiddenNulls(object, schema);
      case ListValue list -> list.map(item -> withoutForbiddenNulls(item, schema == null ? null : schema.items));
      default -> value;
    };
  }
}
