package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.GoText;
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
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes the outcome of a strategic merge patch or of server-side apply as upstream does, which goes from a map to the object
/// without JSON between: its type errors have other words, whole floats become integers, and long integers are cut.
/// Source: apimachinery pkg/runtime/converter.go.
public final class MapConverter {
  private static final int UNKNOWN_MAX = 100;

  private final List<String> unknown = new ArrayList<>();

  private MapConverter() {}

  /// @throws DecodeException when a value has the wrong type
  public static Decoded decode(Value tree, Struct type) {
    return decode(tree, type, ObjectValue.EMPTY);
  }

  /// Decodes a tree that was made of another one: what the two share is not looked at again.
  ///
  /// @param known a canonical tree of the same type
  /// @throws DecodeException when a value has the wrong type
  public static Decoded decode(Value tree, Struct type, ObjectValue known) {
    var converter = new MapConverter();
    ObjectValue object = Canonical.decode(converter.struct(tree, type, "", known), type, known).object();
    return new Decoded(object, converter.unknown.stream().sorted().limit(UNKNOWN_MAX).toList());
  }

  // Types are Go's names for them, without the pointer; empty for those that follow from the shape.
  private Value convert(Value value, Shape shape, String goType, String path, @Nullable Value known) {
    if (value.isNull()) {
      return value;
    }
    return switch (shape) {
      case Scalar scalar -> scalar(value, scalar, goType);
      case Struct struct -> struct.customJson() ? value : struct(value, struct, path, known);
      case ListOf list -> list(value, list, goType.startsWith("[]") ? goType.substring(2) : "", path, known);
      case MapOf map -> map(value, map, path);
      case Anything _ -> value;
    };
  }

  private Value struct(Value value, Struct type, String path, @Nullable Value known) {
    if (!(value instanceof ObjectValue object)) {
      throw new DecodeException("cannot restore struct from: " + kind(value));
    }
    ObjectValue before = known instanceof ObjectValue other ? other : ObjectValue.EMPTY;
    ObjectValue converted = fields(object, object, type, path, before);
    if (!type.preserveUnknown()) {
      for (String name : object.names()) {
        if (type.field(name) == null) {
          unknown.add("unknown field " + GoText.quote(below(path, name)));
        }
      }
    }
    return converted;
  }

  private ObjectValue fields(ObjectValue object, ObjectValue converted, Struct type, String path, ObjectValue known) {
    ObjectValue result = converted;
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        result = fields(object, result, embedded, path, known);
        continue;
      }
      Value value = object.get(field.name());
      Value before = known.get(field.name());
      if (value != null && value != before) {
        String goType = field.goType();
        String plain = goType.startsWith("*") ? goType.substring(1) : goType;
        result = result.with(field.name(), convert(value, field.shape(), plain, below(path, field.name()), before));
      }
    }
    return result;
  }

  private static String below(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private Value list(Value value, ListOf shape, String itemType, String path, @Nullable Value known) {
    if (!(value instanceof ListValue list)) {
      throw new DecodeException("cannot restore slice from " + kind(value));
    }
    ListValue before = known instanceof ListValue other ? other : ListValue.EMPTY;
    var items = new ArrayList<Value>(list.size());
    for (int i = 0; i < list.size(); i++) {
      Value item = list.get(i);
      Value there = i < before.size() ? before.get(i) : null;
      items.add(item == there ? item : convert(item, shape.item(), itemType, path + "[" + i + "]", there));
    }
    return new ListValue(items);
  }

  // The path of upstream does not tell the keys of maps.
  private Value map(Value value, MapOf shape, String path) {
    if (!(value instanceof ObjectValue object)) {
      throw new DecodeException("cannot restore map from " + kind(value));
    }
    var out = ObjectValue.builder(object.size());
    object.forEach((name, member) -> out.put(name, convert(member, shape.value(), "", path, null)));
    return out.build();
  }

  private static Value scalar(Value value, Scalar scalar, String goType) {
    return switch (scalar) {
      case STRING -> string(value, goType.isEmpty() ? "string" : goType);
      case BOOLEAN -> value instanceof BooleanValue ? value : unrecognized("bool");
      case INT32 -> integer(value, "int32", goType);
      case INT64 -> integer(value, "int64", goType);
      case DOUBLE -> value instanceof NumberValue ? value : unrecognized("float64");
      case BYTES -> bytes(value);
      // These decode themselves, from JSON.
      case QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> {
        Value decoded = Canonical.decode(value, scalar);
        yield decoded == null ? NullValue.NULL : decoded;
      }
    };
  }

  private static Value bytes(Value value) {
    if (value instanceof ListValue) {
      return value;
    }
    if (!(value instanceof StringValue)) {
      throw new DecodeException("cannot restore slice from " + kind(value));
    }
    try {
      Value decoded = Canonical.decode(value, Scalar.BYTES);
      return decoded == null ? value : decoded;
    } catch (DecodeException e) {
      throw new DecodeException("error decoding from json: " + e.text());
    }
  }

  private static Value string(Value value, String goType) {
    if (value instanceof IntegerValue) {
      // Go can make a string of an integer, so this is found out later than other wrong types.
      throw new DecodeException("cannot convert int64 to " + goType);
    }
    return value instanceof StringValue ? value : unrecognized("string");
  }

  private static Value integer(Value value, String kind, String goType) {
    if (value instanceof IntegerValue(long number)) {
      return fitted(number, kind);
    }
    if (value instanceof NumberValue number) {
      double exact = number.doubleValue();
      if (exact != Math.rint(exact)) {
        throw new DecodeException("cannot convert float64 to " + (goType.isEmpty() ? kind : goType));
      }
      // What no 64 bits hold becomes the smallest of them, as on the machines that upstream is built for.
      return fitted(Math.abs(exact) < 0x1p63 ? (long) exact : Long.MIN_VALUE, kind);
    }
    return unrecognized(kind);
  }

  /// Go cuts off the bits that a narrower type lacks.
  private static IntegerValue fitted(long number, String kind) {
    return new IntegerValue(kind.equals("int32") ? (int) number : number);
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
