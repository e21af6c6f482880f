package io.thyra.schema;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One field of a struct. Immutable.
public final class FieldSchema {
  private final String name;
  private final String goName;
  private final String goType;
  private final int number;
  private final Shape shape;
  private final boolean required;
  private final boolean pointer;
  private final boolean omitEmpty;
  private final boolean inline;
  private final @Nullable String patchMergeKey;
  private final String patchStrategy;
  private final @Nullable String defaultJson;
  private final List<String> enumValues;
  private final Supplier<String> description;

  /// See the accessors. The Go type is left empty.
  public FieldSchema(
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
      List<String> enumValues,
      String description) {
    this(name, goName, "", number, shape, required, pointer, omitEmpty, inline, patchMergeKey, patchStrategy, defaultJson, enumValues,
        constant(description));
  }

  /// As above with the Go type, and a description that is fetched when it is asked for.
  FieldSchema(
      String name,
      String goName,
      String goType,
      int number,
      Shape shape,
      boolean required,
      boolean pointer,
      boolean omitEmpty,
      boolean inline,
      @Nullable String patchMergeKey,
      String patchStrategy,
      @Nullable String defaultJson,
      List<String> enumValues,
      Supplier<String> description) {
    this.name = Objects.requireNonNull(name);
    this.goName = Objects.requireNonNull(goName);
    this.goType = Objects.requireNonNull(goType);
    this.number = number;
    this.shape = Objects.requireNonNull(shape);
    this.required = required;
    this.pointer = pointer;
    this.omitEmpty = omitEmpty;
    this.inline = inline;
    this.patchMergeKey = patchMergeKey;
    this.patchStrategy = Objects.requireNonNull(patchStrategy);
    this.defaultJson = defaultJson;
    this.enumValues = List.copyOf(enumValues);
    this.description = description;
  }

  private static Supplier<String> constant(String text) {
    Objects.requireNonNull(text);
    return () -> text;
  }

  /// Its JSON name; of an inline field, which JSON does not show, the Go name.
  public String name() {
    return name;
  }

  /// The name of the Go field, which upstream's decoding errors and struct dumps print.
  public String goName() {
    return goName;
  }

  /// The Go type as reflection prints it, `v1.DNSPolicy`, `*int32`, `map[v1.ResourceName]resource.Quantity`; decoding
  /// errors name it without the leading `*`. Empty for custom resources.
  public String goType() {
    return goType;
  }

  /// Its protobuf field number, 0 for fields without protobuf (custom resources, kind and apiVersion).
  public int number() {
    return number;
  }

  public Shape shape() {
    return shape;
  }

  /// Whether OpenAPI lists it as required.
  public boolean required() {
    return required;
  }

  /// Whether Go holds it by pointer: absent and zero differ, and protobuf leaves it out when absent.
  public boolean pointer() {
    return pointer;
  }

  /// Whether JSON leaves it out when it is empty; a field without this prints its zero (`null` for lists, maps and
  /// pointers, `{}` for structs held by value). Go's `omitempty` does nothing to structs held by value (also quantities
  /// and the like), so it is not told for those.
  public boolean omitEmpty() {
    return omitEmpty;
  }

  /// Whether its fields stand in the enclosing JSON object (embedded structs such as VolumeSource, and TypeMeta).
  public boolean inline() {
    return inline;
  }

  /// The key by which strategic merge patch merges a list, null when it replaces it.
  public @Nullable String patchMergeKey() {
    return patchMergeKey;
  }

  /// The strategies of `x-kubernetes-patch-strategy`, comma separated, empty for none.
  public String patchStrategy() {
    return patchStrategy;
  }

  /// The default that upstream's `+default` marker names, as JSON text, null for none. The zeroes that OpenAPI shows as
  /// defaults of its own accord are not told here: see [#openApiDefault].
  public @Nullable String defaultJson() {
    return defaultJson;
  }

  /// The default that OpenAPI shows: the declared one; else `{}` for a struct held by value, and the zero of a text, number
  /// or boolean held by value that is printed when empty. Null for none.
  /// Source: kube-openapi pkg/generators/openapi.go, mustEnforceDefault.
  public @Nullable String openApiDefault() {
    if (defaultJson != null || pointer) {
      return defaultJson;
    }
    return switch (shape) {
      case Struct struct -> struct.customJson() ? null : "{}";
      case Scalar scalar -> omitEmpty ? null : switch (scalar) {
        case STRING -> "\"\"";
        case BOOLEAN -> "false";
        case INT32, INT64, DOUBLE -> "0";
        case BYTES, QUANTITY, INT_OR_STRING, TIME, MICRO_TIME, DURATION -> null;
      };
      case ListOf _, MapOf _, Anything _ -> null;
    };
  }

  /// The values OpenAPI lists, in its order, empty for none; of a list, the values of its items.
  public List<String> enumValues() {
    return enumValues;
  }

  /// What OpenAPI says of it, empty for nothing. Built-in descriptions are read from their own resource when asked for.
  public String description() {
    return description.get();
  }

  public boolean hasPatchStrategy(String strategy) {
    return ("," + patchStrategy + ",").contains("," + strategy + ",");
  }

  @Override
  public String toString() {
    return name;
  }
}
