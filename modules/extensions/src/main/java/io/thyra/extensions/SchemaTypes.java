package io.thyra.extensions;

import io.thyra.cel.Costs;
import io.thyra.cel.DeclType;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types with which rules see the values of a schema. Pure.
/// Source: apiserver pkg/cel/common/schemas.go, apiextensions-apiserver pkg/apiserver/schema/cel/model/schemas.go.
final class SchemaTypes {
  private static final long TEXT_MAX = Costs.REQUEST_BYTES_MAX - 2;
  private static final int UTF8_BYTES_MAX = 4;
  private static final DeclType META =
      DeclType.object("objectMeta").field("name", DeclType.STRING, false).field("generateName", DeclType.STRING, false).build();

  private SchemaTypes() {}

  /// The type of a node; null when rules cannot see its values.
  ///
  /// @param resource whether the node is a whole resource
  /// @param name what the type is called, and what the names of types below begin with
  static @Nullable DeclType of(StructuralSchema schema, boolean resource, String name) {
    if (schema.intOrString) {
      return DeclType.dyn(schema.maxLength == null ? TEXT_MAX : characters(schema.maxLength));
    }
    return switch (schema.type) {
      case "array" -> list(schema, name);
      case "object" -> schema.additional == null || resource ? object(schema, resource, name) : map(schema, schema.additional, name);
      case "string" -> text(schema);
      case "boolean" -> DeclType.BOOL;
      case "number" -> DeclType.DOUBLE;
      case "integer" -> DeclType.INT;
      default -> null;
    };
  }

  private static @Nullable DeclType list(StructuralSchema schema, String name) {
    if (schema.items == null) {
      return null;
    }
    DeclType items = of(schema.items, schema.items.embedded, name + ".@idx");
    String listType = schema.listType == null ? "" : schema.listType;
    return items == null ? null : DeclType.list(items, bound(schema.maxItems), listType, schema.listMapKeys);
  }

  private static @Nullable DeclType map(StructuralSchema schema, StructuralSchema values, String name) {
    DeclType type = of(values, values.embedded, name + ".@elem");
    return type == null ? null : DeclType.map(type, bound(schema.maxProperties));
  }

  private static long bound(@Nullable Long max) {
    return max == null ? -1 : Math.max(0, max);
  }

  private static DeclType object(StructuralSchema schema, boolean resource, String name) {
    DeclType.ObjectBuilder object = DeclType.object(name);
    for (Map.Entry<String, StructuralSchema> property : schema.properties.entrySet()) {
      StructuralSchema child = property.getValue();
      boolean ofResource = resource && Pruning.META_FIELDS.contains(property.getKey());
      DeclType type = ofResource ? null : of(child, child.embedded, name + "." + property.getKey());
      if (type != null) {
        object.field(property.getKey(), type, schema.required.contains(property.getKey()) && child.byDefault == null);
      }
    }
    if (resource) {
      for (String field : Pruning.META_FIELDS) {
        boolean counted = schema.required.contains(field);
        object.field(field, field.equals("metadata") ? META : DeclType.STRING, counted);
      }
    }
    return object.build();
  }

  private static DeclType text(StructuralSchema schema) {
    return switch (schema.format) {
      case "byte" -> DeclType.bytes(schema.maxLength == null ? TEXT_MAX : Math.max(0, schema.maxLength));
      case "duration" -> DeclType.DURATION;
      case "date" -> DeclType.DATE;
      case "date-time" -> DeclType.DATE_TIME;
      default -> {
        if (schema.maxLength != null) {
          yield DeclType.string(characters(schema.maxLength));
        }
        yield DeclType.string(schema.enumValues.isEmpty() ? TEXT_MAX : longest(schema.enumValues));
      }
    };
  }

  // A length counts characters, sizes of requests count bytes.
  private static long characters(long maxLength) {
    return Math.max(0, maxLength) * UTF8_BYTES_MAX;
  }

  private static long longest(Iterable<Value> values) {
    long max = 0;
    for (Value value : values) {
      if (value instanceof StringValue(String text)) {
        max = Math.max(max, text.getBytes(StandardCharsets.UTF_8).length);
      }
    }
    return max;
  }
}
