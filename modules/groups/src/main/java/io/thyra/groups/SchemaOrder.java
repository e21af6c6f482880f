package io.thyra.groups;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.BooleanValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Scalar;
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
    var out = ObjectValue.builder(object.size());
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
    var out = ObjectValue.builder();
    each(
        struct,
        field -> {
          if (!field.omitEmpty()) {
            out.put(field.name(), zero(field));
          }
        });
    return out.build();
  }

  private static Value zero(FieldSchema field) {
    if (field.pointer()) {
      return NullValue.NULL;
    }
    return switch (field.shape()) {
      case Struct struct -> zero(struct);
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> StringValue.EMPTY;
            case BOOLEAN -> BooleanValue.FALSE;
            case INT32, INT64, DOUBLE, INT_OR_STRING -> IntegerValue.ZERO;
            case QUANTITY -> new StringValue("0");
            case DURATION -> new StringValue("0s");
            case BYTES, TIME, MICRO_TIME -> NullValue.NULL;
          };
      case io.thyra.schema.ListOf _, io.thyra.schema.MapOf _, io.thyra.schema.Anything _ -> NullValue.NULL;
    };
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

  /// The list of strings as a value.
  public static ListValue texts(String... texts) {
    return ListValue.ofStrings(java.util.List.of(texts));
  }
}
