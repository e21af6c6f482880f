package io.thyra.group;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
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
import java.util.List;

/// Decodes the outcome of a strategic merge patch as upstream does, which goes from a map to the object without JSON
/// between: its type errors have other words, and whole floats become integers.
/// Source: apimachinery pkg/runtime/converter.go.
final class Unstructured {
  private Unstructured() {}

  /// @param known the canonical object that was patched, with which the tree shares what was not touched
  /// @throws DecodeException when a value has the wrong type
  static Decoded decode(Value tree, Struct type, ObjectValue known) {
    Decoded decoded = Canonical.decode(struct(tree, type), type, known);
    List<String> sorted = decoded.strictErrors().stream().sorted().toList();
    return new Decoded(decoded.object(), sorted);
  }

  private static Value convert(Value value, Shape shape) {
    if (value.isNull()) {
      return value;
    }
    return switch (shape) {
      case Scalar scalar -> scalar(value, scalar);
      case Struct struct -> struct(value, struct);
      case ListOf list -> list(value, list);
      case MapOf map -> map(value, map);
      case Anything _ -> value;
    };
  }

  private static Value struct(Value value, Struct type) {
    if (!(value instanceof ObjectValue object)) {
      throw new DecodeException("cannot restore struct from: " + kind(value));
    }
    return fields(object, object, type);
  }

  private static ObjectValue fields(ObjectValue object, ObjectValue converted, Struct type) {
    ObjectValue result = converted;
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        result = fields(object, result, embedded);
        continue;
      }
      Value value = object.get(field.name());
      if (value != null) {
        result = result.with(field.name(), convert(value, field.shape()));
      }
    }
    return result;
  }

  private static Value list(Value value, ListOf shape) {
    if (!(value instanceof ListValue list)) {
      throw new DecodeException("cannot restore slice from " + kind(value));
    }
    return list.map(item -> convert(item, shape.item()));
  }

  private static Value map(Value value, MapOf shape) {
    if (!(value instanceof ObjectValue object)) {
      throw new DecodeException("cannot restore map from " + kind(value));
    }
    ObjectValue converted = object;
    for (int i = 0; i < object.size(); i++) {
      converted = converted.with(object.nameAt(i), convert(object.valueAt(i), shape.value()));
    }
    return converted;
  }

  private static Value scalar(Value value, Scalar scalar) {
    return switch (scalar) {
      case STRING -> string(value);
      case BOOLEAN -> value instanceof BooleanValue ? value : unrecognized("bool");
      case INT32 -> integer(value, "int32");
      case INT64 -> integer(value, "int64");
      case DOUBLE -> value instanceof NumberValue ? value : unrecognized("float64");
      case BYTES -> {
        if (value instanceof StringValue || value instanceof ListValue) {
          yield value;
        }
        throw new DecodeException("cannot restore slice from " + kind(value));
      }
      // These decode themselves.
      case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> value;
    };
  }

  private static Value string(Value value) {
    if (value instanceof IntegerValue) {
      // Go can make a string of an integer, so this is found out later than other wrong types.
      throw new DecodeException("cannot convert int64 to string");
    }
    return value instanceof StringValue ? value : unrecognized("string");
  }

  private static Value integer(Value value, String type) {
    if (value instanceof IntegerValue) {
      return value;
    }
    if (value instanceof NumberValue number) {
      double exact = number.doubleValue();
      if (exact == Math.rint(exact)) {
        return new IntegerValue((long) exact);
      }
      throw new DecodeException("cannot convert float64 to " + type);
    }
    return unrecognized(type);
  }

  private static Value unrecognized(String type) {
    throw new DecodeException("unrecognized type: " + type);
  }

  private static String kind(Value value) {
    return switch (value) {
      case ObjectValue _ -> "map";
      case ListValue _ -> "slice";
      case StringValue _ -> "string";
      case IntegerValue _ -> "int64";
      case NumberValue _ -> "float64";
      case BooleanValue _ -> "bool";
      case NullValue _ -> "invalid";
    };
  }
}
