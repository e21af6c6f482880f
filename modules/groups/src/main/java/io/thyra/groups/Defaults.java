package io.thyra.groups;

import io.thyra.model.IntegerValue;
import io.thyra.model.BooleanValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What clients leave out, by type: a default belongs to a type and holds wherever the type occurs, in every kind of
/// every version that reaches it. Parents are defaulted before their children. Fields whose schema names a default get
/// it without being told here. Filled at start-up by one thread, then only read.
///
/// Source: the SetDefaults functions of pkg/apis/*/*/defaults.go and the order of zz_generated.defaults.go.
public final class Defaults {
  private static final String PREFIX = "io.k8s.api.";

  private final Map<String, UnaryOperator<ObjectValue>> byType = new HashMap<>();
  // Whether anything below a type has a default; owned by whoever defaults, entries are only ever added.
  private final Map<String, Boolean> reaching = new ConcurrentHashMap<>();

  /// The default of a type, named as OpenAPI names it below `io.k8s.api.`: `core.v1.Probe`.
  public Defaults of(String type, UnaryOperator<ObjectValue> rule) {
    String name = type.startsWith("io.k8s.") ? type : PREFIX + type;
    byType.merge(name, rule, (first, second) -> object -> second.apply(first.apply(object)));
    return this;
  }

  /// The same default for a type in several versions, `resource.v1.DeviceTaint`, `resource.v1beta1.DeviceTaint`.
  public Defaults of(String group, String[] versions, String type, UnaryOperator<ObjectValue> rule) {
    for (String version : versions) {
      of(group + "." + version + "." + type, rule);
    }
    return this;
  }

  /// A function that defaults whole objects of a kind.
  public UnaryOperator<ObjectValue> of(Struct struct) {
    return object -> apply(struct, object);
  }

  /// The object with what is missing filled in, fields in schema order.
  public ObjectValue apply(Struct struct, ObjectValue object) {
    if (!reaches(struct)) {
      return object;
    }
    ObjectValue changed = object;
    UnaryOperator<ObjectValue> rule = byType.get(struct.name());
    if (rule != null) {
      changed = rule.apply(changed);
    }
    changed = fields(struct, changed);
    return changed == object ? object : SchemaOrder.sort(struct, changed);
  }

  private ObjectValue fields(Struct struct, ObjectValue object) {
    ObjectValue changed = object;
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        UnaryOperator<ObjectValue> rule = byType.get(embedded.name());
        if (rule != null) {
          changed = rule.apply(changed);
        }
        changed = fields(embedded, changed);
        continue;
      }
      Value value = changed.get(field.name());
      if (field.defaultJson() != null && isUnset(field, value)) {
        Value byDefault = parse(field.defaultJson());
        // The zero of a value that Go holds itself is there already, and not printed.
        if (byDefault != null && !(Rules.isEmpty(byDefault) && !field.pointer() && field.omitEmpty())) {
          value = byDefault;
          changed = changed.with(field.name(), value);
        }
      }
      Value after = value(field, value);
      if (after != null && after != value) {
        changed = changed.with(field.name(), after);
      }
    }
    return changed;
  }

  private @Nullable Value value(FieldSchema field, @Nullable Value value) {
    if (value != null) {
      return nested(field.shape(), value);
    }
    if (field.shape() instanceof Struct struct && !field.pointer() && reaches(struct)) {
      // A struct that Go holds by value is always there.
      ObjectValue made = apply(struct, ObjectValue.EMPTY);
      return made.isEmpty() ? null : made;
    }
    return null;
  }

  private Value nested(Shape shape, Value value) {
    return switch (shape) {
      case Struct struct when value instanceof ObjectValue object -> apply(struct, object);
      case ListOf list when value instanceof ListValue items && reaches(list.item()) -> items.map(item -> nested(list.item(), item));
      case MapOf map when value instanceof ObjectValue object && reaches(map.value()) -> {
        ObjectValue changed = object;
        for (String name : object.names()) {
          Value before = object.get(name);
          if (before != null) {
            changed = changed.with(name, nested(map.value(), before));
          }
        }
        yield changed;
      }
      case io.thyra.schema.Anything _, io.thyra.schema.Scalar _, Struct _, ListOf _, MapOf _ -> value;
    };
  }

  private static boolean isUnset(FieldSchema field, @Nullable Value value) {
    return value == null || (field.pointer() ? value.isNull() : Rules.isEmpty(value));
  }

  private boolean reaches(Shape shape) {
    return switch (shape) {
      case Struct struct -> {
        Boolean known = reaching.get(struct.name());
        if (known == null) {
          known = search(struct, new HashMap<>());
          reaching.put(struct.name(), known);
        }
        yield known;
      }
      case ListOf list -> reaches(list.item());
      case MapOf map -> reaches(map.value());
      case io.thyra.schema.Anything _, io.thyra.schema.Scalar _ -> false;
    };
  }

  // Types refer to each other in circles; `seen` breaks them.
  private boolean search(Shape shape, Map<String, Boolean> seen) {
    return switch (shape) {
      case Struct struct -> {
        if (seen.putIfAbsent(struct.name(), true) != null) {
          yield false;
        }
        yield byType.containsKey(struct.name())
            || struct.fields().stream().anyMatch(f -> f.defaultJson() != null || search(f.shape(), seen));
      }
      case ListOf list -> search(list.item(), seen);
      case MapOf map -> search(map.value(), seen);
      case io.thyra.schema.Anything _, io.thyra.schema.Scalar _ -> false;
    };
  }

  // Declared defaults are words, numbers, truth values or `{}`.
  private static @Nullable Value parse(String json) {
    String text = json.strip();
    if (text.length() >= 2 && text.startsWith("\"")) {
      return text.length() == 2 ? null : new StringValue(text.substring(1, text.length() - 1));
    }
    return switch (text) {
      case "{}", "null", "" -> null;
      case "true" -> BooleanValue.TRUE;
      case "false" -> BooleanValue.FALSE;
      default -> text.matches("-?[0-9]+") ? new IntegerValue(Long.parseLong(text)) : null;
    };
  }

  /// The object with a text in place of an absent or empty one.
  public static ObjectValue text(ObjectValue object, String field, String value) {
    return object.string(field).isEmpty() ? object.with(field, value) : object;
  }

  /// The object with a number where none is given.
  public static ObjectValue number(ObjectValue object, String field, long value) {
    return isNil(object.get(field)) ? object.with(field, value) : object;
  }

  /// The object with a number in place of an absent one or of zero.
  public static ObjectValue numberForZero(ObjectValue object, String field, long value) {
    return object.integer(0, field) == 0 ? object.with(field, value) : object;
  }

  public static ObjectValue truth(ObjectValue object, String field, boolean value) {
    return isNil(object.get(field)) ? object.with(field, value) : object;
  }

  /// The object with any value where none is given.
  public static ObjectValue value(ObjectValue object, String field, Value value) {
    return isNil(object.get(field)) ? object.with(field, value) : object;
  }

  public static boolean isNil(@Nullable Value value) {
    return value == null || value.isNull();
  }
}
