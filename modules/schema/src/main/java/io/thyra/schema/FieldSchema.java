package io.thyra.schema;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One field of a struct.
///
/// @param name its JSON name
/// @param goName the name of the Go field, which upstream's decoding errors and struct dumps print
/// @param number its protobuf field number, 0 for types without protobuf (custom resources)
/// @param required whether OpenAPI lists it as required
/// @param pointer whether Go holds it by pointer: absent and zero differ, and protobuf leaves it out when absent
/// @param omitEmpty whether JSON leaves it out when it is empty; a field without this prints its zero (`null` for
///     lists, maps and pointers, `{}` for structs held by value)
/// @param inline whether its fields stand in the enclosing JSON object (embedded structs such as VolumeSource)
/// @param patchMergeKey the key by which strategic merge patch merges a list, null when it replaces it
/// @param patchStrategy the strategies of `x-kubernetes-patch-strategy`, comma separated, empty for none
/// @param defaultJson the default that upstream's `+default` marker names, as JSON text, null for none
/// @param enumValues the values OpenAPI lists, in its order, empty for none
public record FieldSchema(
    String name,
    String goName,
    int number,
    Shape shape,
    boolean required,
    boolean pointer,
    boolean omitEmpty,
    boolean inline,
    @Nullable String patchMergeKey,
    String patchStrategy,
    @Nullable String defaultJson,
    java.util.List<String> enumValues,
    String description) {
  public FieldSchema {
    Objects.requireNonNull(name);
    Objects.requireNonNull(goName);
    Objects.requireNonNull(shape);
    Objects.requireNonNull(patchStrategy);
    Objects.requireNonNull(description);
    enumValues = java.util.List.copyOf(enumValues);
  }

  public boolean hasPatchStrategy(String strategy) {
    return ("," + patchStrategy + ",").contains("," + strategy + ",");
  }
}
