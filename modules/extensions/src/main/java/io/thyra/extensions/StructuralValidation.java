package io.thyra.extensions;

import com.google.re2j.PatternSyntaxException;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a schema is structural: every field that a rule speaks of has a type outside of the rules. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/validation.go, complete.go, convert.go.
final class StructuralValidation {
  private enum Level {
    ROOT,
    ITEM,
    FIELD
  }

  /// The alternatives of an integer or a string, in the one form that is let through.
  private static final ListValue INT_OR_STRING =
      ListValue.of(
          ObjectValue.of("type", Value.of("integer")), ObjectValue.of("type", Value.of("string")));

  private static final Set<String> METADATA_NAMES = Set.of("name", "generateName");
  private static final Set<String> METADATA_KEYWORDS = Set.of("type", "properties", "default");

  private final List<FieldError> errors = new ArrayList<>();

  private StructuralValidation() {}

  /// Why a schema cannot be read as a structural one at all; empty when it can.
  static Optional<String> findObstacle(StructuralSchema schema) {
    String[] found = {""};
    schema.has(
        node -> {
          found[0] = obstacle(node);
          return !found[0].isEmpty();
        });
    return found[0].isEmpty() ? Optional.empty() : Optional.of(found[0]);
  }

  private static String obstacle(StructuralSchema node) {
    ObjectValue source = node.source();
    for (String field : List.of("id", "$schema", "$ref")) {
      if (!source.string(field).isEmpty()) {
        return unsupported(field.equals("$schema") ? "schema" : field);
      }
    }
    if (!node.patternProperties.isEmpty()) {
      return unsupported("patternProperties");
    }
    if (!node.dependencies.isEmpty()) {
      return unsupported("dependencies");
    }
    if (source.has("additionalItems")) {
      return unsupported("additionalItems");
    }
    if (!node.definitions.isEmpty()) {
      return unsupported("definitions");
    }
    if (node.preserve != null && !node.preserve) {
      return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
    }
    return node.itemSchemas.isEmpty() ? "" : "OpenAPIV3Schema 'items' must be a schema, but is an array";
  }

  private static String unsupported(String field) {
    return "OpenAPIV3Schema '" + field + "' is not supported";
  }

  /// What keeps a schema from being structural, sorted by text.
  static List<FieldError> validate(StructuralSchema schema, @Nullable FieldPath path) {
    var validation = new StructuralValidation();
    validation.invariants(schema, Level.ROOT, path);
    validation.complete(schema, schema, path, path);
    validation.errors.sort(Comparator.comparing(FieldError::toString));
    return validation.errors;
  }

  private static FieldPath child(@Nullable FieldPath path, String name) {
    return FieldPath.child(path, name);
  }

  private void invariants(StructuralSchema s, Level level, @Nullable FieldPath path) {
    if (s.type.equals("array") && s.items == null) {
      errors.add(FieldError.required(child(path, "items"), "must be specified"));
    }
    if (s.items != null) {
      invariants(s.items, Level.ITEM, child(path, "items"));
    }
    for (Map.Entry<String, StructuralSchema> property : s.properties.entrySet()) {
      invariants(property.getValue(), Level.FIELD, child(path, "properties").key(property.getKey()));
    }
    if (s.hasAdditional) {
      if (level == Level.ROOT) {
        errors.add(FieldError.forbidden(child(path, "additionalProperties"), "must not be used at the root"));
      }
      if (s.additional != null) {
        invariants(s.additional, Level.FIELD, child(path, "additionalProperties"));
      }
    }
    extensions(s, path);
    boolean anyOfPattern = isIntOrString(s);
    boolean allOfPattern = !s.allOf.isEmpty() && isIntOrString(s.allOf.getFirst());
    values(s, anyOfPattern, allOfPattern, level, path);
    types(s, level, path);
    metadata(s, level, path);
    if (s.embedded && !s.preserves() && s.properties.isEmpty()) {
      errors.add(
          FieldError.required(
              child(path, "properties"),
              "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
    }
  }

  private static boolean isIntOrString(StructuralSchema s) {
    return s.source().list("anyOf").equals(INT_OR_STRING);
  }

  private void extensions(StructuralSchema s, @Nullable FieldPath path) {
    if (s.intOrString && s.preserves()) {
      errors.add(
          FieldError.invalid(
              child(path, "x-kubernetes-preserve-unknown-fields"),
              io.thyra.model.BooleanValue.TRUE,
              "must be false if x-kubernetes-int-or-string is true"));
    }
    if (s.intOrString && s.embedded) {
      errors.add(
          FieldError.invalid(
              child(path, "x-kubernetes-embedded-resource"),
              io.thyra.model.BooleanValue.TRUE,
              "must be false if x-kubernetes-int-or-string is true"));
    }
  }

  private void types(StructuralSchema s, Level level, @Nullable FieldPath path) {
    FieldPath type = child(path, "type");
    if (s.embedded && !s.type.equals("object")) {
      String words = "must be object if x-kubernetes-embedded-resource is true";
      errors.add(s.type.isEmpty() ? FieldError.required(type, words) : FieldError.invalid(type, s.type, words));
    } else if (s.type.isEmpty() && !s.intOrString && !s.preserves()) {
      String where =
          switch (level) {
            case ROOT -> "at the root";
            case ITEM -> "for specified array items";
            case FIELD -> "for specified object fields";
          };
      errors.add(FieldError.required(type, "must not be empty " + where));
    }
    if (s.embedded && s.hasAdditional) {
      errors.add(
          FieldError.forbidden(
              child(path, "additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set"));
    }
    if (level == Level.ROOT && !s.type.isEmpty() && !s.type.equals("object")) {
      errors.add(FieldError.invalid(type, s.type, "must be object at the root"));
    }
  }

  private void metadata(StructuralSchema s, Level level, @Nullable FieldPath path) {
    boolean resource = level == Level.ROOT || s.embedded;
    for (String name : List.of("kind", "apiVersion")) {
      StructuralSchema field = s.properties.get(name);
      if (field != null && resource && !field.type.equals("string")) {
        errors.add(
            FieldError.invalid(child(path, "properties").key(name).child("type"), field.type, "must be string"));
      }
    }
    StructuralSchema metadata = s.properties.get("metadata");
    if (metadata == null) {
      return;
    }
    FieldPath where = child(path, "properties").key("metadata");
    if (resource && !metadata.type.equals("object")) {
      errors.add(FieldError.invalid(where.child("type"), metadata.type, "must be object"));
    }
    if (level == Level.ROOT && restrictsMore(metadata)) {
      errors.add(
          FieldError.forbidden(
              where, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
    }
  }

  private static boolean restrictsMore(StructuralSchema metadata) {
    return !METADATA_NAMES.containsAll(metadata.properties.keySet())
        || metadata.source().names().stream().anyMatch(n -> !METADATA_KEYWORDS.contains(n));
  }

  private void values(StructuralSchema s, boolean skipAnyOf, boolean skipFirstAllOf, Level level, @Nullable FieldPath path) {
    if (!skipAnyOf) {
      for (int i = 0; i < s.anyOf.size(); i++) {
        nested(s.anyOf.get(i), false, level, child(path, "anyOf").index(i));
      }
    }
    for (int i = 0; i < s.allOf.size(); i++) {
      nested(s.allOf.get(i), skipFirstAllOf && i == 0, level, child(path, "allOf").index(i));
    }
    for (int i = 0; i < s.oneOf.size(); i++) {
      nested(s.oneOf.get(i), false, level, child(path, "oneOf").index(i));
    }
    if (s.not != null) {
      nested(s.not, false, level, child(path, "not"));
    }
    if (!s.pattern.isEmpty()) {
      try {
        s.regex();
      } catch (PatternSyntaxException e) {
        String words = "must be a valid regular expression, but isn't: " + Patterns.complaint(e);
        errors.add(FieldError.invalid(child(path, "pattern"), s.pattern, words));
      }
    }
  }

  private void nested(StructuralSchema v, boolean skipAnyOf, Level level, FieldPath path) {
    values(v, skipAnyOf, false, level, path);
    if (v.items != null) {
      nested(v.items, false, level, path.child("items"));
    }
    v.properties.forEach((name, field) -> nested(field, false, Level.FIELD, path.child("properties").key(name)));
    forbid(!v.type.isEmpty(), path, "type", "empty");
    forbid(v.hasAdditional && v.allowsAdditional, path, "additionalProperties", "undefined");
    forbid(v.byDefault != null, path, "default", "undefined");
    forbid(!v.source().string("title").isEmpty(), path, "title", "empty");
    forbid(!v.source().string("description").isEmpty(), path, "description", "empty");
    forbid(v.nullable, path, "nullable", "false");
    forbid(v.preserves(), path, "x-kubernetes-preserve-unknown-fields", "false");
    forbid(v.embedded, path, "x-kubernetes-embedded-resource", "false");
    forbid(v.intOrString, path, "x-kubernetes-int-or-string", "false");
    forbid(!v.listMapKeys.isEmpty(), path, "x-kubernetes-list-map-keys", "empty");
    forbid(v.listType != null, path, "x-kubernetes-list-type", "undefined");
    forbid(v.mapType != null, path, "x-kubernetes-map-type", "undefined");
    forbid(!v.rules.isEmpty(), path, "x-kubernetes-validations", "empty");
    if (v.properties.containsKey("metadata")) {
      errors.add(
          FieldError.forbidden(path.child("properties").key("metadata"), "must not be specified in a nested context"));
    }
  }

  private void forbid(boolean broken, FieldPath path, String field, String wanted) {
    if (broken) {
      errors.add(FieldError.forbidden(path.child(field), "must be " + wanted + " to be structural"));
    }
  }

  /// Whether everything that the rules of a node speak of is declared.
  private void complete(StructuralSchema rules, @Nullable StructuralSchema s, @Nullable FieldPath path, @Nullable FieldPath rulePath) {
    if (rules.not != null) {
      completeNested(rules.not, s, path, child(rulePath, "not"));
    }
    for (int i = 0; i < rules.allOf.size(); i++) {
      completeNested(rules.allOf.get(i), s, path, child(rulePath, "allOf").index(i));
    }
    for (int i = 0; i < rules.anyOf.size(); i++) {
      completeNested(rules.anyOf.get(i), s, path, child(rulePath, "anyOf").index(i));
    }
    for (int i = 0; i < rules.oneOf.size(); i++) {
      completeNested(rules.oneOf.get(i), s, path, child(rulePath, "oneOf").index(i));
    }
  }

  private void completeNested(StructuralSchema v, @Nullable StructuralSchema s, @Nullable FieldPath path, FieldPath rulePath) {
    if (s == null) {
      errors.add(FieldError.required(path, "because it is defined in " + rulePath));
      return;
    }
    complete(v, s, path, rulePath);
    if (v.items != null) {
      completeNested(v.items, s.items, child(path, "items"), rulePath.child("items"));
    }
    v.properties.forEach(
        (name, field) -> {
          FieldPath where = child(path, "properties").key(name);
          completeNested(field, s.properties.get(name), where, rulePath.child("properties").key(name));
        });
  }
}
