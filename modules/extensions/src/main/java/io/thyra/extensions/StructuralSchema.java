package io.thyra.extensions;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One node of the schema of a custom resource, read from its JSONSchemaProps: the structure (properties, items, types,
/// defaults, Kubernetes' extensions) and the rules for values. Immutable.
///
/// A tree is read as it is written, structural or not; [StructuralValidation] tells whether it is structural. Where upstream
/// walks Go maps in random order, names are walked sorted here.
/// Source: apiextensions-apiserver pkg/apis/apiextensions/v1/types_jsonschema.go, pkg/apiserver/schema/structural.go.
public final class StructuralSchema {
  static final StructuralSchema EMPTY = new StructuralSchema(ObjectValue.EMPTY);

  /// The schema of a version that has none: nothing is known of its objects.
  final ObjectValue source;

  final String type;
  final String format;
  final boolean nullable;
  final @Nullable Value byDefault;

  final @Nullable Double maximum;
  final boolean exclusiveMaximum;
  final @Nullable Double minimum;
  final boolean exclusiveMinimum;
  final @Nullable Long maxLength;
  final @Nullable Long minLength;
  final String pattern;
  final @Nullable Long maxItems;
  final @Nullable Long minItems;
  final boolean uniqueItems;
  final @Nullable Double multipleOf;
  final @Nullable Long maxProperties;
  final @Nullable Long minProperties;
  final List<Value> enumValues;
  final List<String> required;

  final List<StructuralSchema> allOf;
  final List<StructuralSchema> oneOf;
  final List<StructuralSchema> anyOf;
  final @Nullable StructuralSchema not;

  final Map<String, StructuralSchema> properties;
  final boolean hasAdditional;
  final boolean allowsAdditional;
  final @Nullable StructuralSchema additional;
  final boolean hasItems;
  final @Nullable StructuralSchema items;
  final List<StructuralSchema> itemSchemas;

  final Map<String, StructuralSchema> patternProperties;
  final Map<String, StructuralSchema> definitions;
  final Map<String, StructuralSchema> dependencies;
  final @Nullable StructuralSchema additionalItems;

  final @Nullable Boolean preserve;
  final boolean embedded;
  final boolean intOrString;
  final List<String> listMapKeys;
  final @Nullable String listType;
  final @Nullable String mapType;
  final List<ObjectValue> rules;

  private volatile @Nullable Pattern compiled;

  private StructuralSchema(ObjectValue source) {
    this.source = source;
    type = source.string("type");
    format = source.string("format");
    nullable = source.bool("nullable");
    Value defaultValue = source.get("default");
    byDefault = defaultValue == null || defaultValue.isNull() ? null : defaultValue;
    maximum = decimal(source, "maximum");
    exclusiveMaximum = source.bool("exclusiveMaximum");
    minimum = decimal(source, "minimum");
    exclusiveMinimum = source.bool("exclusiveMinimum");
    maxLength = integer(source, "maxLength");
    minLength = integer(source, "minLength");
    pattern = source.string("pattern");
    maxItems = integer(source, "maxItems");
    minItems = integer(source, "minItems");
    uniqueItems = source.bool("uniqueItems");
    multipleOf = decimal(source, "multipleOf");
    maxProperties = integer(source, "maxProperties");
    minProperties = integer(source, "minProperties");
    enumValues = source.list("enum").items();
    required = source.list("required").strings();
    allOf = schemas(source.get("allOf"));
    oneOf = schemas(source.get("oneOf"));
    anyOf = schemas(source.get("anyOf"));
    not = schema(source.get("not"));
    properties = schemaMap(source.get("properties"));
    Value more = source.get("additionalProperties");
    hasAdditional = more != null && !more.isNull();
    additional = schema(more);
    allowsAdditional = additional != null || source.bool("additionalProperties");
    Value each = source.get("items");
    hasItems = each != null && !each.isNull();
    items = schema(each);
    itemSchemas = schemas(each);
    patternProperties = schemaMap(source.get("patternProperties"));
    definitions = schemaMap(source.get("definitions"));
    dependencies = schemaMap(source.get("dependencies"));
    additionalItems = schema(source.get("additionalItems"));
    preserve = source.has("x-kubernetes-preserve-unknown-fields") ? source.bool("x-kubernetes-preserve-unknown-fields") : null;
    embedded = source.bool("x-kubernetes-embedded-resource");
    intOrString = source.bool("x-kubernetes-int-or-string");
    listMapKeys = source.list("x-kubernetes-list-map-keys").strings();
    listType = text(source, "x-kubernetes-list-type");
    mapType = text(source, "x-kubernetes-map-type");
    rules = source.list("x-kubernetes-validations").objects();
  }

  /// The schema of a JSONSchemaProps tree.
  public static StructuralSchema of(ObjectValue schema) {
    return schema.isEmpty() ? EMPTY : new StructuralSchema(schema);
  }

  /// The tree that it was read from.
  public ObjectValue source() {
    return source;
  }

  private static @Nullable StructuralSchema schema(@Nullable Value value) {
    return value instanceof ObjectValue object ? of(object) : null;
  }

  private static List<StructuralSchema> schemas(@Nullable Value value) {
    if (!(value instanceof ListValue list)) {
      return List.of();
    }
    var schemas = new ArrayList<StructuralSchema>(list.size());
    for (Value item : list) {
      schemas.add(item instanceof ObjectValue object ? of(object) : EMPTY);
    }
    return List.copyOf(schemas);
  }

  private static Map<String, StructuralSchema> schemaMap(@Nullable Value value) {
    if (!(value instanceof ObjectValue object) || object.isEmpty()) {
      return Map.of();
    }
    var schemas = new TreeMap<String, StructuralSchema>();
    object.forEach((name, each) -> schemas.put(name, each instanceof ObjectValue props ? of(props) : EMPTY));
    return Collections.unmodifiableMap(schemas);
  }

  private static @Nullable Double decimal(ObjectValue source, String name) {
    return source.get(name) instanceof NumberValue number ? number.doubleValue() : null;
  }

  private static @Nullable Long integer(ObjectValue source, String name) {
    return source.get(name) instanceof IntegerValue(long number) ? number : null;
  }

  private static @Nullable String text(ObjectValue source, String name) {
    return source.get(name) instanceof StringValue(String text) ? text : null;
  }

  boolean preserves() {
    return preserve != null && preserve;
  }

  /// The types that a value may have: none, one, or integer and string.
  List<String> types() {
    return intOrString ? List.of("integer", "string") : type.isEmpty() ? List.of() : List.of(type);
  }

  /// The pattern as a program.
  ///
  /// @throws PatternSyntaxException when it is none
  Pattern regex() {
    Pattern known = compiled;
    if (known == null) {
      known = Pattern.compile(pattern);
      compiled = known;
    }
    return known;
  }

  /// The schema of a field, declared or additional; null when nothing is known of it.
  @Nullable StructuralSchema field(String name) {
    StructuralSchema declared = properties.get(name);
    return declared != null ? declared : additional;
  }

  /// Whether this node or one of its fields, items or values has rules in CEL.
  boolean hasRules() {
    return !rules.isEmpty()
        || items != null && items.hasRules()
        || additional != null && additional.hasRules()
        || properties.values().stream().anyMatch(StructuralSchema::hasRules);
  }

  /// The same node as that of a whole resource, whose metadata is known without being said.
  StructuralSchema asResource() {
    return embedded ? this : of(source.with("x-kubernetes-embedded-resource", true));
  }

  /// Whether this node or any below it, also in parts that no structural schema may have, passes a test.
  boolean has(Predicate<StructuralSchema> test) {
    if (test.test(this)) {
      return true;
    }
    return items != null && items.has(test)
        || any(itemSchemas, test)
        || any(allOf, test)
        || any(anyOf, test)
        || any(oneOf, test)
        || not != null && not.has(test)
        || any(properties.values(), test)
        || additional != null && additional.has(test)
        || any(patternProperties.values(), test)
        || additionalItems != null && additionalItems.has(test)
        || any(definitions.values(), test)
        || any(dependencies.values(), test);
  }

  private static boolean any(Iterable<StructuralSchema> schemas, Predicate<StructuralSchema> test) {
    for (StructuralSchema schema : schemas) {
      if (schema.has(test)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StructuralSchema that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
