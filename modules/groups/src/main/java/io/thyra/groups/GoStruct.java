package io.thyra.groups;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
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
import java.util.ArrayList;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Structs as upstream's error texts print them: its internal types have no JSON names, so every field is there under its
/// Go name, nil ones too, and lists and maps that were sent empty are empty there. Types of apimachinery keep their JSON form.
public final class GoStruct {
  private GoStruct() {}

  /// The shape at a path of JSON names below a struct; lists and maps stand for their items.
  ///
  /// @throws IllegalArgumentException when there is no struct at the path
  public static Struct at(Struct root, String... path) {
    Shape shape = root;
    for (String name : path) {
      FieldSchema field = shape instanceof Struct struct ? struct.field(name) : null;
      if (field == null) {
        throw new IllegalArgumentException("no field " + name + " in " + shape);
      }
      shape = field.shape() instanceof ListOf list ? list.item() : field.shape() instanceof MapOf map ? map.value() : field.shape();
    }
    if (shape instanceof Struct struct) {
      return struct;
    }
    throw new IllegalArgumentException("no struct but " + shape);
  }

  /// The value with Go names, to be printed as JSON; null when there is none.
  public static Value of(Shape shape, @Nullable Value value) {
    if (!Checks.isSet(value) || value == null) {
      return NullValue.NULL;
    }
    return switch (shape) {
      case Struct struct -> value instanceof ObjectValue object ? object(struct, object) : value;
      case ListOf list -> {
        var items = new ArrayList<Value>();
        if (value instanceof ListValue values) {
          values.items().forEach(item -> items.add(of(list.item(), item)));
        }
        yield new ListValue(items);
      }
      case MapOf map -> {
        var out = ObjectValue.builder();
        if (value instanceof ObjectValue object) {
          object.forEach((name, item) -> out.put(name, of(map.value(), item)));
        }
        yield out.buildSorted();
      }
      case Scalar _, Anything _ -> value;
    };
  }

  /// A field of a struct as it is printed alone: what Go holds by value is there even when nothing was said.
  public static Value field(Struct struct, ObjectValue object, String name) {
    FieldSchema field = struct.field(name);
    Value value = object.get(name);
    if (field == null) {
      return value == null ? NullValue.NULL : value;
    }
    return held(struct, field, object, value);
  }

  private static Value held(Struct struct, FieldSchema field, ObjectValue object, @Nullable Value value) {
    if (value == null && object.saidEmpty(field.name())) {
      return field.shape() instanceof ListOf ? ListValue.EMPTY : field.shape() instanceof MapOf ? ObjectValue.EMPTY : StringValue.EMPTY;
    }
    boolean zero = (value == null || value == NullValue.NULL) && (!field.pointer() || InternalOrder.holds(struct, field));
    return zero ? zero(field.shape()) : of(field.shape(), value);
  }

  /// Whether two values are the same to upstream, which takes nothing and an empty list or map for one another.
  public static boolean same(Shape shape, @Nullable Value one, @Nullable Value other) {
    if (one == other) {
      return true;
    }
    return switch (shape) {
      case ListOf list -> {
        ListValue all = one instanceof ListValue items ? items : ListValue.EMPTY;
        ListValue others = other instanceof ListValue items ? items : ListValue.EMPTY;
        yield all.size() == others.size() && IntStream.range(0, all.size()).allMatch(i -> same(list.item(), all.get(i), others.get(i)));
      }
      case MapOf map -> {
        ObjectValue all = one instanceof ObjectValue entries ? entries : ObjectValue.EMPTY;
        ObjectValue others = other instanceof ObjectValue entries ? entries : ObjectValue.EMPTY;
        yield all.size() == others.size()
            && all.names().stream().allMatch(name -> others.has(name) && same(map.value(), all.get(name), others.get(name)));
      }
      case Struct struct when one instanceof ObjectValue object && other instanceof ObjectValue counterpart && !struct.customJson() ->
          sameFields(struct, object, counterpart);
      case Struct _, Scalar _, Anything _ -> Objects.equals(set(one), set(other));
    };
  }

  private static boolean sameFields(Struct struct, ObjectValue one, ObjectValue other) {
    for (FieldSchema field : struct.fields()) {
      boolean same =
          field.inline() && field.shape() instanceof Struct embedded
              ? sameFields(embedded, one, other)
              : same(field.shape(), one.get(field.name()), other.get(field.name()));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Value set(@Nullable Value value) {
    return value == NullValue.NULL ? null : value;
  }

  /// Whether a field is the same in two objects to Go, which tells an empty list or map from none.
  public static boolean identical(String field, ObjectValue one, ObjectValue other) {
    return one.saidEmpty(field) == other.saidEmpty(field) && identical(one.get(field), other.get(field));
  }

  private static boolean identical(@Nullable Value one, @Nullable Value other) {
    return switch (one) {
      case ObjectValue object ->
          other instanceof ObjectValue counterpart
              && object.size() == counterpart.size()
              && object.saidEmptyLike(counterpart)
              && object.names().stream().allMatch(name -> identical(object.get(name), counterpart.get(name)));
      case ListValue list ->
          other instanceof ListValue counterpart
              && list.size() == counterpart.size()
              && IntStream.range(0, list.size()).allMatch(i -> identical(list.get(i), counterpart.get(i)));
      case null, default -> Objects.equals(one, other);
    };
  }

  private static boolean keepsJson(Struct struct) {
    return struct.name().startsWith("io.k8s.apimachinery");
  }

  private static Value object(Struct struct, ObjectValue object) {
    if (keepsJson(struct) || struct.customJson()) {
      return object;
    }
    var out = ObjectValue.builder();
    fill(struct, object, out);
    return InternalOrder.of(struct.name(), out.build());
  }

  private static void fill(Struct struct, ObjectValue object, ObjectValue.Builder out) {
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        fill(embedded, object, out);
      } else if (field.name().equals("metadata") && object.get("metadata") instanceof ObjectValue metadata) {
        // Embedded in Go, so its fields stand among the others.
        metadata.forEach(out::put);
      } else if (!field.name().equals("metadata")) {
        out.put(field.goName(), held(struct, field, object, object.get(field.name())));
      }
    }
  }

  private static Value zero(Shape shape) {
    return switch (shape) {
      case Struct struct -> keepsJson(struct) ? ObjectValue.EMPTY : object(struct, ObjectValue.EMPTY);
      case Scalar scalar ->
          switch (scalar) {
            case STRING -> StringValue.EMPTY;
            case BOOLEAN -> BooleanValue.FALSE;
            case INT32, INT64, DOUBLE, INT_OR_STRING -> IntegerValue.ZERO;
            case QUANTITY -> new StringValue("0");
            case DURATION -> new StringValue("0s");
            case BYTES, TIME, MICRO_TIME -> NullValue.NULL;
          };
      case ListOf _, MapOf _, Anything _ -> NullValue.NULL;
    };
  }
}
