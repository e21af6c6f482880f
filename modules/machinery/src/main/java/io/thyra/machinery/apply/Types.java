package io.thyra.machinery.apply;

import io.thyra.model.BooleanValue;
import io.thyra.model.GoText;
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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How structured merge reads a shape: as an object, a list or a scalar, merged by parts or owned as a whole.
/// Where the schema says nothing the form is deduced from the value: objects are merged by their fields, lists are
/// owned as a whole. Source: kube-openapi pkg/schemaconv, structured-merge-diff typed/helpers.go.
final class Types {
  /// What a RawExtension is: anything, owned as a whole. Only its identity counts.
  static final Shape RAW = ListOf.atomic(Anything.ANYTHING);

  private static final String BUILTIN_TYPES = "io.k8s.api.";
  private static final String UNTYPED_UNIONS = ".JSONSchemaPropsOr";

  private Types() {}

  enum Form {
    OBJECT,
    LIST,
    SCALAR
  }

  /// The form in which a value of a shape is walked. Null counts as an object where several forms are possible.
  static Form form(Shape shape, @Nullable Value value) {
    if (shape == RAW) {
      return deduced(value);
    }
    return switch (shape) {
      case Struct _, MapOf _ -> Form.OBJECT;
      case ListOf _ -> Form.LIST;
      case Scalar _ -> Form.SCALAR;
      case Anything _ -> deduced(value);
    };
  }

  private static Form deduced(@Nullable Value value) {
    return switch (value) {
      case null -> Form.OBJECT;
      case ObjectValue _, NullValue _ -> Form.OBJECT;
      case ListValue _ -> Form.LIST;
      default -> Form.SCALAR;
    };
  }

  static boolean isAtomicObject(Shape shape) {
    return shape == RAW || shape instanceof Struct struct && struct.atomic() || shape instanceof MapOf map && map.atomic();
  }

  static boolean isAtomicList(Shape shape) {
    return !(shape instanceof ListOf list) || list.type() == ListOf.Type.ATOMIC;
  }

  /// Whether nothing is declared about the fields of an object.
  static boolean isDeduced(Shape shape) {
    return shape instanceof Anything || shape instanceof Struct struct && struct.fields().isEmpty();
  }

  static boolean declares(Shape object, String field) {
    return object instanceof Struct struct && struct.field(field) != null;
  }

  /// The shape of a field, declared or not.
  static Shape field(Shape object, String name) {
    return switch (object) {
      case Struct struct -> {
        FieldSchema field = struct.field(name);
        yield field == null ? Anything.ANYTHING : shape(struct, field);
      }
      case MapOf map -> plain(map.value());
      case Scalar _, ListOf _, Anything _ -> Anything.ANYTHING;
    };
  }

  private static Shape shape(Struct struct, FieldSchema field) {
    // The built-in types have RawExtension fields only; those of other groups are JSON and FieldsV1, which are deduced.
    return field.shape() == Anything.ANYTHING && struct.name().startsWith(BUILTIN_TYPES) ? RAW : plain(field.shape());
  }

  /// The unions in JSON schemas (a schema or a list, a schema or a truth value) are published without a type.
  private static Shape plain(Shape shape) {
    return shape instanceof Struct struct && struct.name().contains(UNTYPED_UNIONS) ? Anything.ANYTHING : shape;
  }

  /// The step that leads to an item of an associative list.
  ///
  /// @throws TypedException when the item has no identity
  static PathElement step(ListOf list, Value item) {
    return list.mapKeys().isEmpty() ? setStep(item) : keyStep(list, item);
  }

  /// Whether an item of an associative list has an identity; costs nothing where [#step] makes one.
  static boolean identifies(ListOf list, Value item) {
    List<String> keys = list.mapKeys();
    if (keys.isEmpty()) {
      return !(item instanceof ObjectValue || item instanceof ListValue || item == NullValue.NULL);
    }
    if (!(item instanceof ObjectValue object)) {
      return false;
    }
    for (int i = 0; i < keys.size(); i++) {
      if (keyValue(list, object, keys.get(i)) != null) {
        return true;
      }
    }
    return false;
  }

  /// Why an item has no identity.
  static String unidentified(ListOf list, Value item) {
    try {
      return step(list, item).toString();
    } catch (TypedException e) {
      return Objects.requireNonNullElse(e.getMessage(), "");
    }
  }

  private static PathElement setStep(Value item) {
    return switch (item) {
      case ObjectValue _ -> throw new TypedException("associative list without keys has an element that's a map type");
      case ListValue _ -> throw new TypedException("not supported: associative list with lists as elements");
      case NullValue _ -> throw new TypedException("associative list without keys has an element that's an explicit null");
      default -> new PathElement.Item(item);
    };
  }

  private static PathElement keyStep(ListOf list, Value item) {
    if (item == NullValue.NULL) {
      throw new TypedException("associative list with keys may not have a null element");
    }
    if (!(item instanceof ObjectValue object)) {
      throw new TypedException("associative list with keys may not have non-map elements");
    }
    List<String> names = list.mapKeys();
    if (names.size() == 1) {
      Value value = keyValue(list, object, names.getFirst());
      if (value != null) {
        return PathElement.key(names.getFirst(), value);
      }
      throw noKeys(names);
    }
    var keys = new ArrayList<PathElement.Field>(names.size());
    for (String name : names) {
      // A key that is absent and has no default is left out: without it the step names another item.
      Value value = keyValue(list, object, name);
      if (value != null) {
        keys.add(new PathElement.Field(name, value));
      }
    }
    if (keys.isEmpty()) {
      throw noKeys(names);
    }
    return new PathElement.Key(keys);
  }

  private static @Nullable Value keyValue(ListOf list, ObjectValue item, String name) {
    Value value = item.get(name);
    if (value != null || !(list.item() instanceof Struct struct)) {
      return value;
    }
    FieldSchema field = struct.field(name);
    return field == null ? null : defaultOf(field);
  }

  /// The default that OpenAPI publishes: the declared one, and for a built-in field held by value that is printed when
  /// empty, its zero.
  private static @Nullable Value defaultOf(FieldSchema field) {
    if (field.defaultJson() != null) {
      return JsonText.parse(field.defaultJson());
    }
    if (field.number() == 0 || field.pointer() || field.omitEmpty() || !(field.shape() instanceof Scalar scalar)) {
      return null;
    }
    return switch (scalar) {
      case STRING -> StringValue.EMPTY;
      case BOOLEAN -> BooleanValue.FALSE;
      case INT32, INT64, DOUBLE -> IntegerValue.ZERO;
      case BYTES, QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> null;
    };
  }

  private static TypedException noKeys(List<String> names) {
    String quoted = String.join(" ", names.stream().map(GoText::quote).toList());
    return new TypedException(
        "associative list with keys has an element that omits all key fields ["
            + quoted
            + "] (and doesn't have default values for any key fields)");
  }
}
