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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

/// Objects as clients might send them, made at random along their types. For one thread.
final class RandomObjects {
  private static final int DEPTH_MAX = 9;
  private static final List<String> TEXTS = List.of("a", "b-1", "example.com/a", "Always", "10.0.0.1", "x".repeat(70), "é&<\"");
  private static final List<String> KEYS = List.of("a", "b", "example.com/k", "cpu", "memory");

  private final Random random;

  RandomObjects(long seed) {
    random = new Random(seed);
  }

  int next(int bound) {
    return random.nextInt(bound);
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// An object of a kind with some fields of every type; empty lists, maps and objects among them.
  ObjectValue object(Struct type) {
    return struct(type, 0);
  }

  private ObjectValue struct(Struct type, int depth) {
    var out = ObjectValue.builder();
    int oneIn = depth == 0 ? 1 : 2 + type.fields().size() / 6;
    for (FieldSchema field : type.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        struct(embedded, depth + 1).forEach(out::put);
      } else if (depth < DEPTH_MAX && random.nextInt(oneIn) == 0 && !isOfTheServer(field)) {
        out.put(field.name(), value(field, depth + 1));
      }
    }
    return out.build();
  }

  /// The items of lists that merge by a key have one, each another.
  private Value value(FieldSchema field, int depth) {
    return keyed(field, value(field.shape(), depth));
  }

  private Value keyed(FieldSchema field, Value value) {
    String key = field.patchMergeKey();
    if (!(value instanceof ListValue items) || !(field.shape() instanceof ListOf list) || !(list.item() instanceof Struct)) {
      return value;
    }
    var keys = new LinkedHashSet<>(list.mapKeys());
    if (key != null) {
      keys.add(key);
    }
    var kept = new LinkedHashMap<List<Value>, Value>();
    for (ObjectValue item : items.objects()) {
      ObjectValue whole = item;
      var values = new ArrayList<Value>();
      for (String name : keys) {
        FieldSchema part = ((Struct) list.item()).field(name);
        Value given = item.get(name);
        Value told = part == null || given != null && !given.equals(StringValue.EMPTY) ? given : scalar((Scalar) part.shape());
        if (told != null) {
          whole = whole.with(name, told);
          values.add(told);
        }
      }
      kept.putIfAbsent(keys.isEmpty() ? List.of(new IntegerValue(kept.size())) : values, whole);
    }
    return new ListValue(List.copyOf(kept.values()));
  }

  private static boolean isOfTheServer(FieldSchema field) {
    return field.name().equals("managedFields") || field.name().equals("kind") || field.name().equals("apiVersion");
  }

  Value value(Shape shape, int depth) {
    return switch (shape) {
      // Types with a JSON of their own take truth values or schemas, and only some kinds of numbers.
      case Struct struct -> struct.customJson() ? NullValue.NULL : struct(struct, depth);
      case ListOf list -> {
        var items = new ArrayList<Value>();
        for (int i = random.nextInt(3); i > 0; i--) {
          items.add(value(list.item(), depth + 1));
        }
        yield new ListValue(items);
      }
      case MapOf map -> {
        var entries = ObjectValue.builder();
        for (int i = random.nextInt(3); i > 0; i--) {
          entries.put(any(KEYS), value(map.value(), depth + 1));
        }
        yield entries.build();
      }
      case Anything _ -> ObjectValue.of("kind", new StringValue("K"), "a", new IntegerValue(random.nextInt(9)));
      case Scalar scalar -> scalar(scalar);
    };
  }

  private Value scalar(Scalar scalar) {
    return switch (scalar) {
      case STRING -> new StringValue(any(TEXTS));
      case BOOLEAN -> BooleanValue.of(random.nextBoolean());
      case INT32 -> new IntegerValue(any(List.of(0, 1, 80, -1, Integer.MAX_VALUE)));
      case INT64 -> new IntegerValue(any(List.of(0L, 1L, 3600L, -1L, Long.MAX_VALUE)));
      case DOUBLE -> new IntegerValue(random.nextInt(100));
      case INT_OR_STRING -> random.nextBoolean() ? new IntegerValue(random.nextInt(100)) : new StringValue("25%");
      case QUANTITY -> new StringValue(any(List.of("1", "100m", "1.5Gi", "0", "12e3", "-1")));
      case BYTES -> new StringValue(any(List.of("", "AAEC", "/w==")));
      case TIME -> new StringValue("2024-01-02T03:04:05+01:00");
      case MICRO_TIME -> new StringValue("2024-01-02T03:04:05.000006Z");
      case DURATION -> new StringValue(any(List.of("90m", "1h30m0s", "0s")));
    };
  }

  /// The object with one thing changed somewhere below these fields of its root.
  ObjectValue changed(ObjectValue object, Struct type) {
    FieldSchema field = any(type.fields().stream().filter(f -> !isOfTheServer(f)).toList());
    Value before = object.get(field.name());
    Value after = before == null ? value(field, 1) : keyed(field, changed(before, field.shape(), 1));
    return field.name().equals("metadata") ? labelled(object) : object.with(field.name(), after);
  }

  private ObjectValue labelled(ObjectValue object) {
    return object.withAt(new StringValue("v" + random.nextInt(3)), "metadata", "labels", any(List.of("a", "b", "c")));
  }

  private Value changed(Value value, Shape shape, int depth) {
    if (random.nextInt(4) == 0) {
      return value(shape, depth);
    }
    return switch (shape) {
      case Struct struct when value instanceof ObjectValue object && !struct.fields().isEmpty() -> {
        FieldSchema field = any(struct.fields());
        if (field.inline()) {
          yield object;
        }
        Value before = object.get(field.name());
        boolean drops = before != null && random.nextInt(4) == 0;
        Value after = before == null ? value(field, depth + 1) : keyed(field, changed(before, field.shape(), depth + 1));
        yield drops ? object.without(field.name()) : object.with(field.name(), after);
      }
      case ListOf list when value instanceof ListValue items && !items.isEmpty() -> {
        var all = new ArrayList<>(items.items());
        int at = random.nextInt(all.size());
        switch (random.nextInt(3)) {
          case 0 -> all.remove(at);
          case 1 -> all.add(value(list.item(), depth + 1));
          default -> all.set(at, changed(all.get(at), list.item(), depth + 1));
        }
        yield new ListValue(all);
      }
      case MapOf map when value instanceof ObjectValue entries -> entries.with(any(KEYS), value(map.value(), depth + 1));
      case Struct _, ListOf _, MapOf _, Scalar _, Anything _ -> value(shape, depth);
    };
  }
}
