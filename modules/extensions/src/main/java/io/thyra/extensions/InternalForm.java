package io.thyra.extensions;

import io.thyra.model.BooleanValue;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parts of a definition as upstream's error texts print them: its internal Go structs as JSON, with Go's field names and
/// nothing left out. Pure. Source: apiextensions-apiserver pkg/apis/apiextensions/types.go, types_jsonschema.go.
final class InternalForm {
  private InternalForm() {}

  /// The versions, parts that all have in common taken out.
  static String versions(DefinitionSpec spec) {
    if (spec.versions().isEmpty()) {
      return spec.tree().get("versions") instanceof ListValue ? "[]" : "null";
    }
    return GoText.json(new ListValue(spec.versions().stream().<Value>map(InternalForm::version).toList()));
  }

  private static ObjectValue version(DefinitionSpec.Version version) {
    return ObjectValue.builder()
        .put("Name", version.name())
        .put("Served", version.served())
        .put("Storage", version.storage())
        .put("Deprecated", version.deprecated())
        .put("DeprecationWarning", orNull(version.deprecationWarning() == null ? null : Value.of(version.deprecationWarning())))
        .put("Schema", version.schema() == null ? NullValue.NULL : validation(version.schema()))
        .put("Subresources", version.subresources() == null ? NullValue.NULL : subresources(version.subresources()))
        .put("AdditionalPrinterColumns", list(version.columns(), InternalForm::column))
        .put("SelectableFields", list(version.selectableFields(), f -> ObjectValue.of("JSONPath", Value.of(f.string("jsonPath")))))
        .build();
  }

  private static Value orNull(@Nullable Value value) {
    return value == null ? NullValue.NULL : value;
  }

  private static Value list(ListValue list, java.util.function.Function<ObjectValue, Value> each) {
    return list.isEmpty() ? NullValue.NULL : new ListValue(list.objects().stream().map(each).toList());
  }

  private static ObjectValue validation(ObjectValue schema) {
    return ObjectValue.of("OpenAPIV3Schema", props(schema.get("openAPIV3Schema")));
  }

  private static ObjectValue subresources(ObjectValue subresources) {
    Value scale = NullValue.NULL;
    if (subresources.get("scale") instanceof ObjectValue paths) {
      scale =
          ObjectValue.builder()
              .put("SpecReplicasPath", paths.string("specReplicasPath"))
              .put("StatusReplicasPath", paths.string("statusReplicasPath"))
              .put("LabelSelectorPath", orNull(paths.get("labelSelectorPath")))
              .build();
    }
    Value status = subresources.get("status") instanceof ObjectValue ? ObjectValue.EMPTY : NullValue.NULL;
    return ObjectValue.of("Status", status, "Scale", scale);
  }

  private static ObjectValue column(ObjectValue column) {
    return ObjectValue.builder()
        .put("Name", column.string("name"))
        .put("Type", column.string("type"))
        .put("Format", column.string("format"))
        .put("Description", column.string("description"))
        .put("Priority", column.integer(0, "priority"))
        .put("JSONPath", column.string("jsonPath"))
        .build();
  }

  /// A schema.
  static String schema(StructuralSchema schema) {
    return GoText.json(props(schema.source()));
  }

  /// The items of a schema.
  static String items(StructuralSchema schema) {
    return GoText.json(propsOrArray(schema.source().get("items")));
  }

  private static Value props(@Nullable Value value) {
    if (!(value instanceof ObjectValue s)) {
      return NullValue.NULL;
    }
    var out = ObjectValue.builder(48);
    out.put("ID", s.string("id")).put("Schema", s.string("$schema")).put("Ref", orNull(s.get("$ref")));
    out.put("Description", s.string("description")).put("Type", s.string("type")).put("Nullable", s.bool("nullable"));
    out.put("Format", s.string("format")).put("Title", s.string("title")).put("Default", orNull(s.get("default")));
    out.put("Maximum", orNull(s.get("maximum"))).put("ExclusiveMaximum", s.bool("exclusiveMaximum"));
    out.put("Minimum", orNull(s.get("minimum"))).put("ExclusiveMinimum", s.bool("exclusiveMinimum"));
    out.put("MaxLength", orNull(s.get("maxLength"))).put("MinLength", orNull(s.get("minLength")));
    out.put("Pattern", s.string("pattern"));
    out.put("MaxItems", orNull(s.get("maxItems"))).put("MinItems", orNull(s.get("minItems")));
    out.put("UniqueItems", s.bool("uniqueItems")).put("MultipleOf", orNull(s.get("multipleOf")));
    out.put("Enum", orNull(listOf(s, "enum")));
    out.put("MaxProperties", orNull(s.get("maxProperties"))).put("MinProperties", orNull(s.get("minProperties")));
    out.put("Required", orNull(listOf(s, "required"))).put("Items", propsOrArray(s.get("items")));
    for (String junctor : List.of("allOf", "oneOf", "anyOf")) {
      out.put(upper(junctor), listOf(s, junctor) instanceof ListValue list ? list.map(InternalForm::props) : NullValue.NULL);
    }
    out.put("Not", props(s.get("not"))).put("Properties", propsMap(mapOf(s, "properties")));
    out.put("AdditionalProperties", propsOrBool(s.get("additionalProperties")));
    out.put("PatternProperties", propsMap(mapOf(s, "patternProperties")));
    out.put("Dependencies", dependencies(mapOf(s, "dependencies")));
    out.put("AdditionalItems", propsOrBool(s.get("additionalItems")));
    out.put("Definitions", propsMap(mapOf(s, "definitions")));
    out.put("ExternalDocs", docs(s.get("externalDocs"))).put("Example", orNull(s.get("example")));
    out.put("XPreserveUnknownFields", orNull(s.get("x-kubernetes-preserve-unknown-fields")));
    out.put("XEmbeddedResource", s.bool("x-kubernetes-embedded-resource"));
    out.put("XIntOrString", s.bool("x-kubernetes-int-or-string"));
    out.put("XListMapKeys", orNull(listOf(s, "x-kubernetes-list-map-keys")));
    out.put("XListType", orNull(s.get("x-kubernetes-list-type")));
    out.put("XMapType", orNull(s.get("x-kubernetes-map-type")));
    Value rules = listOf(s, "x-kubernetes-validations");
    out.put("XValidations", rules instanceof ListValue list ? list.mapObjects(InternalForm::rule) : NullValue.NULL);
    return out.build();
  }

  // Lists and maps that were sent empty are no nulls in Go.
  private static @Nullable Value listOf(ObjectValue schema, String name) {
    return schema.saidEmpty(name) ? ListValue.EMPTY : schema.get(name);
  }

  private static @Nullable Value mapOf(ObjectValue schema, String name) {
    return schema.saidEmpty(name) ? ObjectValue.EMPTY : schema.get(name);
  }

  private static String upper(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static Value propsMap(@Nullable Value value) {
    if (!(value instanceof ObjectValue map)) {
      return NullValue.NULL;
    }
    var out = ObjectValue.builder(map.size());
    map.forEach((name, each) -> out.put(name, props(each)));
    return out.buildSorted();
  }

  private static Value propsOrArray(@Nullable Value value) {
    return switch (value) {
      case ObjectValue schema -> ObjectValue.of("Schema", props(schema), "JSONSchemas", NullValue.NULL);
      case ListValue list -> ObjectValue.of("Schema", NullValue.NULL, "JSONSchemas", list.map(InternalForm::props));
      case null, default -> NullValue.NULL;
    };
  }

  private static Value propsOrBool(@Nullable Value value) {
    return switch (value) {
      case ObjectValue schema -> ObjectValue.of("Allows", BooleanValue.TRUE, "Schema", props(schema));
      case BooleanValue allows -> ObjectValue.of("Allows", allows, "Schema", NullValue.NULL);
      case null, default -> NullValue.NULL;
    };
  }

  private static Value dependencies(@Nullable Value value) {
    if (!(value instanceof ObjectValue map)) {
      return NullValue.NULL;
    }
    var out = ObjectValue.builder(map.size());
    map.forEach(
        (name, each) ->
            out.put(name, ObjectValue.of("Schema", props(each), "Property", each instanceof ListValue list ? list : NullValue.NULL)));
    return out.buildSorted();
  }

  private static Value docs(@Nullable Value value) {
    return value instanceof ObjectValue docs
        ? ObjectValue.of("Description", new StringValue(docs.string("description")), "URL", new StringValue(docs.string("url")))
        : NullValue.NULL;
  }

  static ObjectValue rule(ObjectValue rule) {
    return ObjectValue.builder()
        .put("Rule", rule.string("rule"))
        .put("Message", rule.string("message"))
        .put("MessageExpression", rule.string("messageExpression"))
        .put("Reason", orNull(rule.get("reason")))
        .put("FieldPath", rule.string("fieldPath"))
        .put("OptionalOldSelf", orNull(rule.get("optionalOldSelf")))
        .build();
  }

  /// The first Go field of a schema's root that is set and not among the given ones, in Go's order; empty for none.
  static String firstFieldBut(StructuralSchema schema, List<String> allowed) {
    ObjectValue all = (ObjectValue) props(schema.source());
    for (String name : all.names()) {
      if (!allowed.contains(name) && !isZero(all.get(name))) {
        return name;
      }
    }
    return "";
  }

  private static boolean isZero(@Nullable Value value) {
    return switch (value) {
      case null -> true;
      case NullValue _ -> true;
      case StringValue(String text) -> text.isEmpty();
      case BooleanValue truth -> truth == BooleanValue.FALSE;
      case IntegerValue _ -> false;
      case Value _ -> false;
    };
  }
}
