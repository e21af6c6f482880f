package io.thyra.discovery;

import io.thyra.codec.ByteSink;
import io.thyra.codec.JsonWriter;
import io.thyra.model.BooleanValue;
import io.thyra.model.ListValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Writes an OpenAPI document as the protobuf messages that clients of Kubernetes know. The messages are read from a table;
/// how JSON maps to them follows a few patterns of their names. Immutable.
/// Source: github.com/google/gnostic-models openapiv2 and openapiv3.
final class Gnostic {
  static final Gnostic V2 = new Gnostic("gnostic-v2.txt");
  static final Gnostic V3 = new Gnostic("gnostic-v3.txt");

  /// @param json the name in JSON
  private record Field(int number, String name, String json, String type, boolean repeated) {
    boolean extension() {
      return name.equals("vendor_extension") || name.equals("specification_extension");
    }
  }

  private final Map<String, List<Field>> messages = new HashMap<>();

  private Gnostic(String table) {
    Lines.read(table, this::read);
  }

  private void read(String line) {
    String[] words = line.split(" ");
    var fields = new ArrayList<Field>();
    for (int i = 1; i < words.length; i++) {
      String[] parts = words[i].split(":");
      boolean repeated = parts[2].startsWith("*");
      fields.add(new Field(Integer.parseInt(parts[0]), parts[1], json(parts[1]), repeated ? parts[2].substring(1) : parts[2], repeated));
    }
    messages.put(words[0], fields);
  }

  private static String json(String name) {
    if (name.equals("_ref")) {
      return "$ref";
    }
    var json = new StringBuilder();
    for (String word : name.split("_")) {
      json.append(json.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return json.toString();
  }

  byte[] write(ObjectValue document) {
    return message("Document", document);
  }

  private byte[] message(String type, Value value) {
    var out = new ByteSink(256);
    List<Field> fields = messages.getOrDefault(type, List.of());
    if (type.equals("Any")) {
      bytes(out, 2, (new String(JsonWriter.write(value), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8));
      return out.toByteArray();
    }
    Field choice = choice(type, fields, value);
    if (choice != null) {
      one(out, choice, value);
      return out.toByteArray();
    }
    if (type.equals("DefaultType")) {
      return out.toByteArray();
    }
    for (Field field : fields) {
      field(out, type, field, value);
    }
    return out.toByteArray();
  }

  private void field(ByteSink out, String type, Field field, Value value) {
    if (field.name.equals("additional_properties") && field.type.startsWith("Named")) {
      named(out, field, (ObjectValue) value, _ -> true);
    } else if (field.extension()) {
      if (value instanceof ObjectValue object) {
        named(out, field, object, name -> name.startsWith("x-"));
      }
    } else if (field.name.equals("path") && type.equals("Paths")) {
      named(out, field, (ObjectValue) value, name -> name.startsWith("/"));
    } else if (field.name.equals("response_code") || field.name.equals("response_or_reference")) {
      named(out, field, (ObjectValue) value, name -> !name.startsWith("x-") && !name.equals("default"));
    } else if (type.equals("ItemsItem")) {
      one(out, field, value);
    } else if (type.equals("TypeItem") || type.equals("StringArray")) {
      if (value instanceof ListValue list) {
        list.forEach(item -> one(out, field, item));
      } else {
        one(out, field, value);
      }
    } else if (value instanceof ObjectValue object) {
      Value member = object.get(field.json);
      if (member instanceof ListValue list && field.repeated) {
        list.forEach(item -> one(out, field, item));
      } else if (member != null) {
        one(out, field, member);
      }
    }
  }

  /// The alternative that a value takes, null for messages that are no choice.
  private static @Nullable Field choice(String type, List<Field> fields, Value value) {
    if (type.endsWith("OrReference") && !type.startsWith("Named") || type.equals("ParametersItem") || type.equals("ResponseValue")) {
      return fields.get(value instanceof ObjectValue object && object.has("$ref") ? 1 : 0);
    }
    return switch (type) {
      case "AdditionalPropertiesItem" -> fields.get(value instanceof BooleanValue ? 1 : 0);
      case "Parameter" -> in(fields, "body_parameter", value, "non_body_parameter");
      case "NonBodyParameter" -> find(fields, ((ObjectValue) value).string("in") + "_parameter_sub_schema");
      case "SecurityDefinitionsItem" -> find(fields, "api_key_security");
      case "SchemaItem" -> fields.getFirst();
      case "DefaultType" -> switch (value) {
        case NumberValue _ -> find(fields, "number");
        case BooleanValue _ -> find(fields, "boolean");
        case StringValue _ -> find(fields, "string");
        default -> null;
      };
      default -> null;
    };
  }

  private static @Nullable Field in(List<Field> fields, String body, Value value, String other) {
    Field first = find(fields, body);
    return first == null ? null : ((ObjectValue) value).string("in").equals("body") ? first : find(fields, other);
  }

  private static @Nullable Field find(List<Field> fields, String name) {
    return fields.stream().filter(field -> field.name.equals(name)).findFirst().orElse(null);
  }

  private void named(ByteSink out, Field field, ObjectValue object, Predicate<String> wanted) {
    String type = field.type.substring("Named".length());
    object.forEach(
        (name, value) -> {
          if (wanted.test(name)) {
            var entry = new ByteSink(256);
            bytes(entry, 1, name.getBytes(StandardCharsets.UTF_8));
            bytes(entry, 2, message(type, value));
            bytes(out, field.number, entry.toByteArray());
          }
        });
  }

  private void one(ByteSink out, Field field, Value value) {
    switch (field.type) {
      case "string" -> bytes(out, field.number, text(value).getBytes(StandardCharsets.UTF_8));
      case "bool" -> {
        if (value instanceof BooleanValue truth && truth.value()) {
          varint(out, (long) field.number << 3);
          varint(out, 1);
        }
      }
      case "int64" -> {
        varint(out, (long) field.number << 3);
        varint(out, (long) number(value));
      }
      case "double" -> {
        varint(out, (long) field.number << 3 | 1);
        long bits = Double.doubleToLongBits(number(value));
        for (int shift = 0; shift < 64; shift += 8) {
          out.put((int) (bits >>> shift) & 0xff);
        }
      }
      default -> bytes(out, field.number, message(field.type, value));
    }
  }

  private static String text(Value value) {
    return value instanceof StringValue string ? string.value() : new String(JsonWriter.write(value), StandardCharsets.UTF_8);
  }

  private static double number(Value value) {
    return Double.parseDouble(new String(JsonWriter.write(value), StandardCharsets.UTF_8));
  }

  private static void bytes(ByteSink out, int number, byte[] bytes) {
    varint(out, (long) number << 3 | 2);
    varint(out, bytes.length);
    out.put(bytes);
  }

  private static void varint(ByteSink out, long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.put((int) (left & 0x7f | 0x80));
      left >>>= 7;
    }
    out.put((int) left);
  }
}
