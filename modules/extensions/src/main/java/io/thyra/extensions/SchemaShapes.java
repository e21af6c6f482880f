package io.thyra.extensions;

import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types that server-side apply works with, made of the schema of a custom resource. Pure.
/// Source: kube-openapi pkg/schemaconv, apiextensions-apiserver pkg/controller/openapi/builder/builder.go.
final class SchemaShapes {
  private SchemaShapes() {}

  /// The type of a kind.
  ///
  /// @param preserving whether unknown fields stay, as in definitions from before there were structural schemas
  static Struct of(GroupVersionKind kind, StructuralSchema schema, boolean preserving) {
    var fields = new LinkedHashMap<String, FieldSchema>();
    addMeta(fields);
    schema.properties.forEach(
        (name, property) -> {
          if (!fields.containsKey(name)) {
            fields.put(name, field(name, property, shape(property)));
          }
        });
    boolean preserves = preserving || schema.preserves() || schema == StructuralSchema.EMPTY;
    String name = kind.group() + "." + kind.version() + "." + kind.kind();
    return new Struct(name, kind.kind(), "", "atomic".equals(schema.mapType), preserves).define(List.copyOf(fields.values()));
  }

  private static void addMeta(Map<String, FieldSchema> fields) {
    fields.put("apiVersion", field("apiVersion", null, Scalar.STRING));
    fields.put("kind", field("kind", null, Scalar.STRING));
    fields.put("metadata", field("metadata", null, EmbeddedMetadata.OBJECT_META));
  }

  private static FieldSchema field(String name, @Nullable StructuralSchema schema, Shape shape) {
    Value byDefault = schema == null ? null : schema.byDefault;
    return new FieldSchema(
        name, name, 0, shape, false, true, true, false, null, "", byDefault == null ? null : GoText.json(byDefault), List.of(), "");
  }

  private static Shape shape(StructuralSchema schema) {
    if (schema.intOrString) {
      return Scalar.INT_OR_STRING;
    }
    return switch (schema.type) {
      case "object" -> object(schema);
      case "array" -> list(schema);
      case "string" -> Scalar.STRING;
      case "boolean" -> Scalar.BOOLEAN;
      case "integer" -> Scalar.INT64;
      case "number" -> Scalar.DOUBLE;
      default -> Anything.ANYTHING;
    };
  }

  private static Shape object(StructuralSchema schema) {
    boolean atomic = "atomic".equals(schema.mapType);
    if (!schema.properties.isEmpty() || schema.embedded) {
      var fields = new LinkedHashMap<String, FieldSchema>();
      if (schema.embedded) {
        addMeta(fields);
      }
      schema.properties.forEach(
          (name, property) -> {
            if (!fields.containsKey(name)) {
              fields.put(name, field(name, property, shape(property)));
            }
          });
      return new Struct("", "", "", atomic, schema.preserves()).define(new ArrayList<>(fields.values()));
    }
    if (schema.additional != null) {
      return new MapOf(shape(schema.additional), atomic);
    }
    return atomic ? new MapOf(Anything.ANYTHING, true) : schema.preserves() || schema.hasAdditional ? Anything.ANYTHING : new MapOf(Anything.ANYTHING, false);
  }

  private static Shape list(StructuralSchema schema) {
    Shape item = schema.items == null ? Anything.ANYTHING : shape(schema.items);
    return switch (schema.listType) {
      case "set" -> new ListOf(item, ListOf.Type.SET, List.of(), false);
      case "map" -> new ListOf(item, ListOf.Type.MAP, schema.listMapKeys, false);
      case null, default -> ListOf.atomic(item);
    };
  }
}
