package io.thyra.extensions;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Whether the defaults of a structural schema are valid values of it. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/defaulting/validation.go, surroundingobject.go.
final class DefaultsValidation {
  private final boolean requirePruned;
  private final List<FieldError> errors = new ArrayList<>();

  private DefaultsValidation(boolean requirePruned) {
    this.requirePruned = requirePruned;
  }

  /// Where a node stands: the resource around it, and how an object of that looks with a value at the node.
  private record Place(StructuralSchema resource, Function<Value, Value> around, boolean insideMeta) {
    Place field(String name, boolean meta) {
      return new Place(resource, value -> around.apply(ObjectValue.of(name, value)), meta);
    }

    Place item() {
      return new Place(resource, value -> around.apply(ListValue.of(value)), insideMeta);
    }
  }

  /// @param requirePruned whether defaults may have no unknown fields
  static List<FieldError> validate(StructuralSchema schema, FieldPath path, boolean requirePruned) {
    var validation = new DefaultsValidation(requirePruned);
    StructuralSchema root = schema.asResource();
    validation.node(root, path, place(root));
    return validation.errors;
  }

  private static Place place(StructuralSchema resource) {
    return new Place(resource, DefaultsValidation::withType, false);
  }

  private static Value withType(Value value) {
    if (!(value instanceof ObjectValue object)) {
      return value;
    }
    ObjectValue typed = object.has("kind") ? object : object.with("kind", "Validation");
    return typed.has("apiVersion") ? typed : typed.with("apiVersion", "validation/v1");
  }

  private void node(StructuralSchema s, FieldPath path, Place outer) {
    Place place = s.embedded ? place(s) : outer;
    if (s.byDefault != null) {
      FieldPath where = path.child("default");
      if (place.insideMeta()) {
        insideMetadata(s.byDefault, s, where, place);
      } else {
        plain(s.byDefault, s, where);
      }
    }
    if (s.items != null) {
      node(s.items, path.child("items"), place.item());
    }
    for (Map.Entry<String, StructuralSchema> property : s.properties.entrySet()) {
      String name = property.getKey();
      boolean meta = place.insideMeta() || s.embedded && Pruning.META_FIELDS.contains(name);
      node(property.getValue(), path.child("properties").key(name), place.field(name, meta));
    }
  }

  private void insideMetadata(Value value, StructuralSchema s, FieldPath where, Place place) {
    if (!(place.around().apply(value) instanceof ObjectValue object)) {
      return;
    }
    EmbeddedMetadata.Coerced coerced = EmbeddedMetadata.coerce(object, place.resource(), null);
    if (coerced.error().isPresent()) {
      errors.add(FieldError.invalid(where, Printed.sorted(value), "must result in valid metadata: " + coerced.error().get()));
      return;
    }
    List<FieldError> broken = EmbeddedMetadata.validate(coerced.object(), place.resource(), null);
    if (!broken.isEmpty()) {
      errors.add(FieldError.invalid(where, Printed.sorted(value), "must result in valid metadata: " + aggregate(broken)));
      return;
    }
    errors.addAll(ValueValidation.validate(where, value, published(s), null));
  }

  /// The schema as OpenAPI has it, where an integer or a string is a value without a type.
  private static StructuralSchema published(StructuralSchema schema) {
    return schema.has(s -> s.intOrString) ? StructuralSchema.of(untyped(schema.source())) : schema;
  }

  private static ObjectValue untyped(ObjectValue schema) {
    ObjectValue changed = schema.without("x-kubernetes-int-or-string");
    changed =
        changed.change(
            "properties",
            properties -> {
              ObjectValue out = properties;
              for (String name : properties.names()) {
                out = out.change(name, DefaultsValidation::untyped);
              }
              return out;
            });
    return changed.change("items", DefaultsValidation::untyped).change("additionalProperties", DefaultsValidation::untyped);
  }

  /// Several errors as Go prints them together.
  static String aggregate(List<FieldError> errors) {
    List<String> texts = errors.stream().map(FieldError::toString).distinct().toList();
    return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
  }

  private void plain(Value value, StructuralSchema s, FieldPath where) {
    Value pruned = s.embedded && value instanceof ObjectValue object ? Pruning.resource(object, s).object() : Pruning.value(value, s);
    if (requirePruned && !pruned.equals(value)) {
      errors.add(FieldError.invalid(where, Printed.sorted(value), "must not have unknown fields"));
    }
    if (value instanceof ObjectValue object) {
      EmbeddedMetadata.Coerced coerced = EmbeddedMetadata.coerce(object, s, where);
      if (coerced.error().isPresent()) {
        errors.add(coerced.error().get());
        return;
      }
    }
    List<FieldError> broken = EmbeddedMetadata.validate(value, s, where);
    if (broken.isEmpty()) {
      broken = ValueValidation.validate(where, value, published(s), null);
    }
    errors.addAll(broken);
    if (broken.isEmpty()) {
      RuleValidator.of(s, s.embedded).ifPresent(rules -> rules.validate(where, value, value, null, _ -> {}, errors));
    }
  }
}
