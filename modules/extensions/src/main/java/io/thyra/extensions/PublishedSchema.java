package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The schema of one served version of a custom kind as OpenAPI publishes it. Immutable.
/// Source: apiextensions-apiserver pkg/controller/openapi/builder/builder.go, pkg/controller/openapi/v2/conversion.go,
/// pkg/apiserver/schema/kubeopenapi.go, unfold.go.
///
/// @param schema what the definition says; kinds without a structural schema are published as plain objects
/// @param preserving whether unknown fields stay, as in definitions from before there were structural schemas
/// @param status whether there is the subresource status
/// @param scale whether there is the subresource scale
/// @param selectable the paths of fields that selectors may name, without their leading dot
public record PublishedSchema(
    String group,
    String version,
    String kind,
    String listKind,
    String plural,
    boolean namespaced,
    StructuralSchema schema,
    boolean preserving,
    boolean status,
    boolean scale,
    List<String> selectable) {
  private static final String V3_REFERENCES = "#/components/schemas/";
  private static final String V2_REFERENCES = "#/definitions/";
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
  private static final String METADATA_DOC =
      "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
  private static final String LIST_METADATA_DOC =
      "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
  private static final String API_VERSION_DOC =
      "apiVersion defines the versioned schema of this representation of an object. More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
  private static final String KIND_DOC =
      "kind is a string value representing the type of this object. In CamelCase. More info:"
          + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
  private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf", "not");
  private static final ListValue INT_OR_STRING =
      ListValue.of(ObjectValue.of("type", Value.of("integer")), ObjectValue.of("type", Value.of("string")));

  public PublishedSchema {
    selectable = List.copyOf(selectable);
  }

  /// The name of the definition, the group's parts reversed: `dev.example.v1.Gadget`.
  public String name() {
    return definitionName(kind);
  }

  /// The name of the definition of the list.
  public String listName() {
    return definitionName(listKind);
  }

  private String definitionName(String ofKind) {
    String[] parts = group.split("\\.");
    var reversed = new ArrayList<>(Arrays.asList(parts).reversed());
    reversed.add(version);
    reversed.add(ofKind);
    return String.join(".", reversed);
  }

  /// The definition for OpenAPI 3, with everything that the schema says.
  public ObjectValue toOpenApiV3() {
    return kind(false);
  }

  /// The definition for OpenAPI 2, without what that cannot say.
  public ObjectValue toOpenApiV2() {
    return kind(true);
  }

  /// The definition of the list for OpenAPI 3.
  public ObjectValue listToOpenApiV3() {
    return list(false);
  }

  /// The definition of the list for OpenAPI 2.
  public ObjectValue listToOpenApiV2() {
    return list(true);
  }

  private ObjectValue kind(boolean v2) {
    boolean plain = schema == StructuralSchema.EMPTY || v2 && (schema.preserves() || preserving) || !isStructural();
    if (plain) {
      return withKinds(ObjectValue.of("type", Value.of("object")), kind);
    }
    ObjectValue root = v2 ? reduced(unfolded(schema.source())) : unfolded(schema.source());
    ObjectValue properties = root.object("properties");
    properties = properties.with("metadata", reference("ObjectMeta", METADATA_DOC, v2));
    properties = withTypeMeta(properties);
    return withKinds(embedded(root.with("properties", properties), v2), kind);
  }

  private boolean isStructural() {
    return !SchemaRules.hasInvalidTypes(schema)
        && StructuralValidation.findObstacle(schema).isEmpty()
        && StructuralValidation.validate(schema, null).isEmpty();
  }

  private ObjectValue list(boolean v2) {
    String doc =
        "List of "
            + plural
            + ". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";
    ObjectValue items =
        ObjectValue.builder()
            .put("description", doc)
            .put("type", "array")
            .put("items", ObjectValue.of("$ref", Value.of((v2 ? V2_REFERENCES : V3_REFERENCES) + name())))
            .build();
    ObjectValue properties = withTypeMeta(ObjectValue.of("items", items));
    properties = properties.with("metadata", reference("ListMeta", LIST_METADATA_DOC, v2));
    ObjectValue out =
        ObjectValue.builder()
            .put("description", listKind + " is a list of " + kind)
            .put("type", "object")
            .put("required", ListValue.ofStrings(List.of("items")))
            .put("properties", properties)
            .build();
    return withKinds(out, listKind);
  }

  private ObjectValue withKinds(ObjectValue out, String ofKind) {
    ObjectValue own = ObjectValue.builder().put("group", group).put("kind", ofKind).put("version", version).build();
    ObjectValue named = out.with("x-kubernetes-group-version-kind", ListValue.of(own));
    if (selectable.isEmpty()) {
      return named;
    }
    List<Value> fields = selectable.stream().map(path -> (Value) ObjectValue.of("fieldPath", Value.of(path))).toList();
    return named.with("x-kubernetes-selectable-fields", new ListValue(fields));
  }

  /// A reference to a type of metadata. OpenAPI 3 allows nothing beside a reference, so it stands in an allOf there.
  private static ObjectValue reference(String type, String doc, boolean v2) {
    ObjectValue reference = ObjectValue.of("$ref", Value.of((v2 ? V2_REFERENCES : V3_REFERENCES) + META + type));
    return v2
        ? reference.with("description", doc)
        : ObjectValue.of("description", Value.of(doc), "allOf", ListValue.of(reference));
  }

  private static ObjectValue withTypeMeta(ObjectValue properties) {
    Struct list = Schemas.builtin().findType(META + "APIResourceList").orElseThrow();
    ObjectValue changed = properties;
    for (String name : List.of("apiVersion", "kind")) {
      FieldSchema field = Objects.requireNonNull(list.field(name));
      changed = changed.with(name, text(field.description()));
    }
    return changed;
  }

  private static ObjectValue text(String doc) {
    return ObjectValue.of("description", Value.of(doc), "type", Value.of("string"));
  }

  /// The schema with the alternatives of an integer or a string spelled out, at every level.
  private static ObjectValue unfolded(ObjectValue schema) {
    ObjectValue changed = each(schema, PublishedSchema::unfolded);
    if (!changed.bool("x-kubernetes-int-or-string")) {
      return changed;
    }
    ListValue allOf = changed.list("allOf");
    if (changed.list("anyOf").equals(INT_OR_STRING) || !allOf.isEmpty() && allOf.object(0).list("anyOf").equals(INT_OR_STRING)) {
      return changed;
    }
    if (!changed.has("anyOf")) {
      return changed.with("anyOf", INT_OR_STRING);
    }
    var all = new ArrayList<Value>();
    all.add(ObjectValue.of("anyOf", INT_OR_STRING));
    all.addAll(allOf.items());
    return changed.with("allOf", new ListValue(all));
  }

  private interface Change {
    ObjectValue apply(ObjectValue schema);
  }

  /// The schema with its structural parts changed.
  private static ObjectValue each(ObjectValue schema, Change change) {
    ObjectValue changed =
        schema.change(
            "properties",
            properties -> {
              ObjectValue out = properties;
              for (String name : properties.names()) {
                out = out.change(name, change::apply);
              }
              return out;
            });
    return changed.change("items", change::apply).change("additionalProperties", change::apply);
  }

  /// The schema without what OpenAPI 2 cannot say, or kubectl cannot read, at every level.
  private static ObjectValue reduced(ObjectValue schema) {
    // Upstream prunes defaults when it puts the document together.
    ObjectValue out = schema.without("default");
    for (String junctor : JUNCTORS) {
      out = out.without(junctor);
    }
    boolean preserves = out.bool("x-kubernetes-preserve-unknown-fields");
    if (out.bool("nullable")) {
      out = out.without("type").without("nullable").without("items").without("properties");
    }
    if (preserves) {
      out = out.without("items").without("properties");
    }
    if (!out.has("items") && out.string("type").equals("array") || preserves && out.string("type").equals("object")) {
      out = out.without("type");
    }
    return each(withoutNullableRequired(out), PublishedSchema::reduced);
  }

  private static ObjectValue withoutNullableRequired(ObjectValue schema) {
    if (!schema.has("required")) {
      return schema;
    }
    if (schema.object("additionalProperties").bool("nullable")) {
      return schema.without("required");
    }
    List<String> left =
        schema.list("required").strings().stream().filter(name -> !schema.bool("properties", name, "nullable")).toList();
    return left.isEmpty() ? schema.without("required") : schema.with("required", ListValue.ofStrings(left));
  }

  /// The schema with the metadata of embedded resources, at every level.
  private static ObjectValue embedded(ObjectValue schema, boolean v2) {
    ObjectValue changed = each(schema, part -> embedded(part, v2));
    if (v2 && changed.bool("x-kubernetes-preserve-unknown-fields") || !changed.bool("x-kubernetes-embedded-resource")) {
      return changed;
    }
    ObjectValue properties =
        changed
            .object("properties")
            .with("apiVersion", text(API_VERSION_DOC))
            .with("kind", text(KIND_DOC))
            .with("metadata", reference("ObjectMeta", METADATA_DOC, v2));
    var required = new ArrayList<>(changed.list("required").strings());
    for (String name : List.of("kind", "apiVersion")) {
      if (!required.contains(name)) {
        required.add(name);
      }
    }
    return changed.with("properties", properties).with("required", ListValue.ofStrings(required));
  }
}
