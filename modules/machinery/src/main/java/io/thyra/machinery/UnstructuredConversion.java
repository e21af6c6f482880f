package io.thyra.machinery;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
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

/// The step from a strategically merged tree to a typed object. Upstream does not go through JSON there, so types are
/// judged by Go's conversions and the complaints are others than those of decoding: a whole float passes for an integer,
/// and an integer too large for 32 bits is cut. Formats of times, quantities and base64 are left to the codec.
/// Source: apimachinery pkg/runtime/converter.go.
public final class UnstructuredConversion {
  private UnstructuredConversion() {}

  /// The tree with numbers of the declared types; unknown fields stay as they are.
  ///
  /// @throws SyntaxException with upstream's complaint about the first wrong type, in the order of the declared fields
  public static ObjectValue convert(ObjectValue object, Struct type) {
    return convertStruct(object, type);
  }

  private static ObjectValue convertStruct(ObjectValue object, Struct type) {
    ObjectValue converted = object;
    for (FieldSchema field : type.fields()) {
      if (field.inline()) {
        if (field.shape() instanceof Struct embedded) {
          converted = convertStruct(converted, embedded);
        }
        continue;
      }
      Value value = converted.get(field.name());
      if (value == null || value.isNull()) {
        continue;
      }
      Value after = convert(value, field.shape());
      if (after != value) {
        converted = converted.with(field.name(), after);
      }
    }
    return converted;
  }

  private static Value convert(Value value, Shape shape) {
    if (value instanceof NullValue) {
      return value;
    }
    return switch (shape) {
      case Anything _ -> value;
      case Struct struct -> {
        if (!(value instanceof ObjectValue object)) {
          throw new SyntaxException("cannot restore struct from: " + kind(value));
        }
        yield convertStruct(object, struct);
      }
      case ListOf list -> {
        if (!(value instanceof ListValue items)) {
          throw new SyntaxException("cannot restore slice from " + kind(value));
        }
        yield items.map(item -> convert(item, list.item()));
      }
      case MapOf map -> {
        if (!(value instanceof ObjectValue object)) {
          throw new SyntaxException("cannot restore map from " + kind(value));
        }
        ObjectValue converted = object;
        for (String name : object.names()) {
          Value before = object.get(name);
          Value after = before == null ? NullValue.NULL : convert(before, map.value());
          converted = after == before ? converted : converted.with(name, after);
        }
        yield converted;
      }
      case Scalar scalar -> convertScalar(value, scalar);
    };
  }

  private static Value convertScalar(Value value, Scalar scalar) {
    return switch (scalar) {
      case STRING -> {
        if (value instanceof IntegerValue) {
          throw new SyntaxException("cannot convert int64 to string");
        }
        yield require(value instanceof StringValue, value, "unrecognized type: string");
      }
      case BOOLEAN -> require(value instanceof BooleanValue, value, "unrecognized type: bool");
      case INT32 -> integer(value, "int32");
      case INT64 -> integer(value, "int64");
      case DOUBLE -> require(value instanceof NumberValue, value, "unrecognized type: float64");
      case BYTES ->
          require(value instanceof StringValue || value instanceof ListValue, value, "cannot restore slice from " + kind(value));
      case TIME, MICRO_TIME, DURATION ->
          require(
              value instanceof StringValue,
              value,
              "json: cannot unmarshal " + value.jsonType() + " into Go value of type string");
      case INT_OR_STRING -> {
        String found = value instanceof DecimalValue(String text) ? "number " + text : value.jsonType();
        yield require(
            value instanceof StringValue || value instanceof IntegerValue,
            value,
            "json: cannot unmarshal " + found + " into Go value of type int32");
      }
      case QUANTITY -> value;
    };
  }

  private static Value integer(Value value, String type) {
    if (value instanceof DecimalValue decimal) {
      double number = decimal.doubleValue();
      if (number != Math.rint(number)) {
        throw new SyntaxException("cannot convert float64 to " + type);
      }
      return integer(new IntegerValue((long) number), type);
    }
    require(value instanceof IntegerValue, value, "unrecognized type: " + type);
    return value instanceof IntegerValue(long number) && type.equals("int32") && number != (int) number
        ? new IntegerValue((int) number)
        : value;
  }

  private static Value require(boolean fits, Value value, String complaint) {
    if (!fits) {
      throw new SyntaxException(complaint);
    }
    return value;
  }

  private static String kind(Value value) {
    return switch (value) {
      case ObjectValue _ -> "map";
      case ListValue _ -> "slice";
      case StringValue _ -> "string";
      case IntegerValue _ -> "int64";
      case DecimalValue _ -> "float64";
      case BooleanValue _ -> "bool";
      case NullValue _ -> "invalid";
    };
  }
}
