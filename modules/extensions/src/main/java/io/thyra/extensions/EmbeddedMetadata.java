package io.thyra.extensions;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The `apiVersion`, `kind` and `metadata` of custom objects and of the resources that are embedded in them: brought into
/// their types, and checked. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/objectmeta.
final class EmbeddedMetadata {
  private EmbeddedMetadata() {}

  static final Struct OBJECT_META =
      Schemas.builtin().findType("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta").orElseThrow();

  /// A metadata tree in its type.
  ///
  /// @throws DecodeException when it has another type
  static Decoded decode(Value metadata) {
    return Canonical.decode(metadata, OBJECT_META);
  }

  /// What coercing found.
  ///
  /// @param error the first value of a wrong type
  /// @param unknown the paths of unknown metadata, sorted
  record Coerced(ObjectValue object, Optional<FieldError> error, List<String> unknown) {}

  /// The object with the metadata of all embedded resources brought into its type.
  static Coerced coerce(ObjectValue object, StructuralSchema schema, @Nullable FieldPath path) {
    var coercion = new Coercion();
    ObjectValue coerced = coercion.object(object, schema, path);
    coercion.unknown.sort(null);
    return new Coerced(coerced, Optional.ofNullable(coercion.error), List.copyOf(coercion.unknown));
  }

  private static final class Coercion {
    private final List<String> unknown = new ArrayList<>();
    private @Nullable FieldError error;

    private Value value(Value value, @Nullable StructuralSchema schema, @Nullable FieldPath path) {
      if (schema == null || error != null) {
        return value;
      }
      return switch (value) {
        case ObjectValue object -> object(object, schema, path);
        case ListValue list -> {
          int[] index = {0};
          yield list.map(item -> value(item, schema.items, path == null ? null : path.index(index[0]++)));
        }
        default -> value;
      };
    }

    private ObjectValue object(ObjectValue object, StructuralSchema schema, @Nullable FieldPath path) {
      ObjectValue changed = object;
      for (String name : object.names()) {
        if (error != null) {
          return changed;
        }
        if (schema.embedded) {
          changed = typed(changed, name, path);
        }
        Value before = changed.get(name);
        StructuralSchema declared = schema.properties.get(name);
        if (before != null && declared != null) {
          changed = changed.with(name, value(before, declared, FieldPath.child(path, name)));
        } else if (before != null && schema.additional != null) {
          FieldPath below = path == null ? FieldPath.of(name) : path.key(name);
          changed = changed.with(name, value(before, schema.additional, below));
        }
      }
      return changed;
    }

    private ObjectValue typed(ObjectValue object, String name, @Nullable FieldPath path) {
      Value value = object.get(name);
      if (value == null) {
        return object;
      }
      FieldPath where = FieldPath.child(path, name);
      if ((name.equals("apiVersion") || name.equals("kind")) && !(value instanceof StringValue)) {
        error = FieldError.invalid(where, Printed.sorted(value), "must be a string");
      } else if (name.equals("metadata")) {
        try {
          Decoded decoded = decode(value);
          unknownPaths(decoded).forEach(field -> unknown.add(where + "." + field));
          return object.with("metadata", decoded.object());
        } catch (DecodeException e) {
          error = FieldError.invalid(where, Printed.sorted(value), e.text());
        }
      }
      return object;
    }
  }

  /// The paths of the unknown fields that a decoding told.
  static List<String> unknownPaths(Decoded decoded) {
    String prefix = "unknown field \"";
    return decoded.strictErrors().stream()
        .filter(e -> e.startsWith(prefix))
        .map(e -> e.substring(prefix.length(), e.length() - 1))
        .toList();
  }

  /// The rules of the resources embedded in a value.
  static List<FieldError> validate(Value value, StructuralSchema schema, @Nullable FieldPath path) {
    var errors = new ArrayList<FieldError>();
    validate(value, schema, path, errors);
    return errors;
  }

  private static void validate(Value value, @Nullable StructuralSchema schema, @Nullable FieldPath path, List<FieldError> errors) {
    if (schema == null) {
      return;
    }
    switch (value) {
      case ObjectValue object -> {
        if (schema.embedded) {
          resource(object, path, errors);
        }
        for (Map.Entry<String, Value> field : sorted(object).entrySet()) {
          StructuralSchema declared = schema.properties.get(field.getKey());
          if (declared != null) {
            validate(field.getValue(), declared, FieldPath.child(path, field.getKey()), errors);
          } else if (schema.additional != null) {
            FieldPath below = path == null ? FieldPath.of(field.getKey()) : path.key(field.getKey());
            validate(field.getValue(), schema.additional, below, errors);
          }
        }
      }
      case ListValue list -> {
        for (int i = 0; i < list.size(); i++) {
          validate(list.get(i), schema.items, path == null ? null : path.index(i), errors);
        }
      }
      default -> {}
    }
  }

  private static Map<String, Value> sorted(ObjectValue object) {
    var fields = new TreeMap<String, Value>();
    object.forEach(fields::put);
    return fields;
  }

  private static void resource(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors) {
    for (String name : List.of("apiVersion", "kind")) {
      if (!object.has(name)) {
        errors.add(FieldError.required(FieldPath.child(path, name), ""));
      }
    }
    FieldPath apiVersion = FieldPath.child(path, "apiVersion");
    switch (object.get("apiVersion")) {
      case null -> {}
      case StringValue(String text) when text.isEmpty() -> errors.add(FieldError.invalid(apiVersion, text, "must not be empty"));
      case StringValue(String text) when text.chars().filter(c -> c == '/').count() > 1 ->
          errors.add(FieldError.invalid(apiVersion, text, "unexpected GroupVersion string: " + text));
      case StringValue _ -> {}
      case Value other -> errors.add(FieldError.invalid(apiVersion, Printed.sorted(other), "must be a string"));
    }
    FieldPath kind = FieldPath.child(path, "kind");
    switch (object.get("kind")) {
      case null -> {}
      case StringValue(String text) when text.isEmpty() -> errors.add(FieldError.invalid(kind, text, "must not be empty"));
      case StringValue(String text) -> {
        List<String> broken = Names.dns1035Label(text.toLowerCase(Locale.ROOT));
        if (!broken.isEmpty()) {
          String words = "may have mixed case, but should otherwise match: " + String.join(",", broken);
          errors.add(FieldError.invalid(kind, text, words));
        }
      }
      case Value other -> errors.add(FieldError.invalid(kind, Printed.sorted(other), "must be a string"));
    }
    metadata(object, path, errors);
  }

  private static void metadata(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors) {
    Value metadata = object.get("metadata");
    if (metadata == null) {
      return;
    }
    FieldPath where = FieldPath.child(path, "metadata");
    try {
      ObjectValue typed = decode(metadata).object();
      // An embedded resource need not have a name.
      ObjectValue named = typed.string("name").isEmpty() ? typed.with("name", "fakename") : typed;
      errors.addAll(ObjectMetaValidation.validate(named, !named.string("namespace").isEmpty(), Names.PATH_SEGMENT, where));
    } catch (DecodeException e) {
      errors.add(FieldError.invalid(where, Printed.sorted(metadata), e.text()));
    }
  }
}
