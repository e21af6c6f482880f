package io.thyra.groups;

import io.thyra.codec.Canonical;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.util.function.Consumer;

/// Objects as upstream prints them: fields in the order of the schema, and the zeros that are never left out.
public final class SchemaOrder {
  private SchemaOrder() {}

  /// The object with its own fields in schema order; fields that the schema lacks come last. Nested objects stay.
  public static ObjectValue sort(Struct struct, ObjectValue object) {
    int[] position = {0};
    boolean[] sorted = {true};
    each(
        struct,
        field -> {
          if (sorted[0] && object.has(field.name())) {
            sorted[0] = position[0] < object.size() && object.nameAt(position[0]).equals(field.name());
            position[0]++;
          }
        });
    if (sorted[0]) {
      return object;
    }
    var out = ObjectValue.builder(object.size()).emptied(object);
    each(
        struct,
        field -> {
          Value value = object.get(field.name());
          if (value != null) {
            out.put(field.name(), value);
          }
        });
    object.forEach(
        (name, value) -> {
          if (!out.has(name)) {
            out.put(name, value);
          }
        });
    return out.build();
  }

  /// The object with one field set, in its place.
  public static ObjectValue put(Struct struct, ObjectValue object, String field, Value value) {
    return sort(struct, object.with(field, value));
  }

  /// What upstream prints for a struct of which nothing is set.
  public static ObjectValue zero(Struct struct) {
    return Canonical.zero(struct);
  }

  private static void each(Struct struct, Consumer<FieldSchema> consumer) {
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        each(embedded, consumer);
      } else {
        consumer.accept(field);
      }
    }
  }
}
