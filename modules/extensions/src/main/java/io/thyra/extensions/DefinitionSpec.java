package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The spec of a CustomResourceDefinition in upstream's internal form: schema, subresources, columns and selectable fields
/// that all versions have in common stand at the top and not in the versions, which shows in the paths of errors.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/v1/conversion.go.
///
/// @param schema the `{openAPIV3Schema: …}` of all versions, null for none
record DefinitionSpec(
    ObjectValue tree,
    List<Version> versions,
    @Nullable ObjectValue schema,
    @Nullable ObjectValue subresources,
    ListValue columns,
    ListValue selectableFields) {
  /// @param schema the version's own `{openAPIV3Schema: …}`
  record Version(
      String name,
      boolean served,
      boolean storage,
      boolean deprecated,
      @Nullable String deprecationWarning,
      @Nullable ObjectValue schema,
      @Nullable ObjectValue subresources,
      ListValue columns,
      ListValue selectableFields) {}

  static DefinitionSpec of(ObjectValue definition) {
    ObjectValue spec = definition.object("spec");
    List<ObjectValue> all = spec.list("versions").objects();
    if (all.isEmpty()) {
      return new DefinitionSpec(spec, List.of(), null, null, ListValue.EMPTY, ListValue.EMPTY);
    }
    ObjectValue first = all.getFirst();
    boolean schema = identical(all, v -> v.get("schema"));
    boolean subresources = identical(all, v -> v.get("subresources"));
    boolean columns = identical(all, v -> v.list("additionalPrinterColumns"));
    boolean fields = identical(all, v -> v.list("selectableFields"));
    List<Version> versions =
        all.stream()
            .map(
                v ->
                    new Version(
                        v.string("name"),
                        v.bool("served"),
                        v.bool("storage"),
                        v.bool("deprecated"),
                        v.get("deprecationWarning") instanceof StringValue(String text) ? text : null,
                        schema ? null : object(v, "schema"),
                        subresources ? null : object(v, "subresources"),
                        columns ? ListValue.EMPTY : v.list("additionalPrinterColumns"),
                        fields ? ListValue.EMPTY : v.list("selectableFields")))
            .toList();
    return new DefinitionSpec(
        spec,
        versions,
        schema ? object(first, "schema") : null,
        subresources ? object(first, "subresources") : null,
        columns ? first.list("additionalPrinterColumns") : ListValue.EMPTY,
        fields ? first.list("selectableFields") : ListValue.EMPTY);
  }

  private static boolean identical(List<ObjectValue> versions, Function<ObjectValue, @Nullable Value> part) {
    Value first = part.apply(versions.getFirst());
    return versions.stream().allMatch(v -> Objects.equals(part.apply(v), first));
  }

  private static @Nullable ObjectValue object(ObjectValue parent, String name) {
    return parent.get(name) instanceof ObjectValue object ? object : null;
  }

  String group() {
    return tree.string("group");
  }

  String scope() {
    return tree.string("scope");
  }

  ObjectValue names() {
    return tree.object("names");
  }

  boolean preservesUnknownFields() {
    return tree.bool("preserveUnknownFields");
  }

  /// The schema in a `{openAPIV3Schema: …}`.
  static Optional<StructuralSchema> schemaOf(@Nullable ObjectValue validation) {
    return validation != null && validation.get("openAPIV3Schema") instanceof ObjectValue schema
        ? Optional.of(StructuralSchema.of(schema))
        : Optional.empty();
  }

  /// All schemas, the common one first.
  List<StructuralSchema> schemas() {
    return java.util.stream.Stream.concat(
            schemaOf(schema).stream(), versions.stream().flatMap(v -> schemaOf(v.schema()).stream()))
        .toList();
  }

  boolean anySchema(Predicate<StructuralSchema> test) {
    return schemas().stream().anyMatch(s -> s.has(test));
  }

  /// Whether every version has a schema.
  boolean allHaveSchemas() {
    return schemaOf(schema).isPresent() || versions.stream().allMatch(v -> schemaOf(v.schema()).isPresent());
  }

  static boolean hasStatus(@Nullable ObjectValue subresources) {
    return subresources != null && subresources.get("status") instanceof ObjectValue;
  }

  /// Whether the versions differ in their subresources, so that each has its own.
  @Nullable ObjectValue subresourcesOf(Version version) {
    boolean own = versions.stream().anyMatch(v -> v.subresources() != null);
    return own ? version.subresources() : subresources;
  }
}
