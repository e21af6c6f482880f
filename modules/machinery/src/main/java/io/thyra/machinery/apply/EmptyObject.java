package io.thyra.machinery.apply;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import org.jspecify.annotations.Nullable;

/// What an object of a kind shows before anything is set. Creation is tracked against it: the structs that Go holds by
/// value are always there, so that setting a field of `spec` does not make `spec` the creator's own.
public final class EmptyObject {
  private EmptyObject() {}

  /// The empty object of a built-in kind.
  public static ObjectValue of(Struct type) {
    ObjectValue.Builder out = ObjectValue.builder();
    fill(out, type);
    return out.build();
  }

  /// The empty object of a custom resource, which is made of maps: nothing but its kind.
  public static ObjectValue ofCustom(String apiVersion, String kind) {
    return ObjectValue.builder().put("apiVersion", apiVersion).put("kind", kind).build();
  }

  private static void fill(ObjectValue.Builder out, Struct type) {
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        if (!field.pointer()) {
          fill(out, embedded);
        }
        continue;
      }
      Value zero = zero(field);
      if (zero != null) {
        out.put(field.name(), zero);
      }
    }
  }

  private static @Nullable Value zero(FieldSchema field) {
    if (field.omitEmpty()) {
      return null;
    }
    return field.pointer() ? NullValue.NULL : zero(field.shape());
  }

  private static Value zero(Shape shape) {
    return switch (shape) {
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> StringValue.EMPTY;
            case BOOLEAN -> BooleanValue.FALSE;
            case INT32, INT64, DOUBLE, INT_OR_STRING -> IntegerValue.ZERO;
            case QUANTITY -> new StringValue("0");
            case DURATION -> new StringValue("0s");
            case BYTES, TIME, MICRO_TIME -> NullValue.NULL;
          };
      case Struct struct -> of(struct);
      case ListOf _, MapOf _, Anything _ -> NullValue.NULL;
    };
  }
}
