package io.thyra.extensions;

import io.thyra.codec.DecodeException;
import io.thyra.codec.Decoded;
import io.thyra.codec.JsonDocument;
import io.thyra.model.DecimalValue;
import io.thyra.model.FieldError;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One version of a custom kind and its schema: how its objects are decoded, defaulted and brought into shape. Immutable.
/// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, unstructuredSchemaCoercer.
///
/// @param schema what is known of the objects; [StructuralSchema#EMPTY] when there is no schema
/// @param preserving whether unknown fields stay, as in definitions from before there were structural schemas
/// @param subresources the `{status, scale}` of the version, empty for none
record CustomVersion(GroupVersionKind kind, StructuralSchema schema, boolean preserving, ObjectValue subresources) {
  /// Decodes an object as it was sent: metadata in its type, unknown fields gone, values of wrong types still there.
  Decoded decode(JsonDocument document, boolean strict) {
    if (!(document.root() instanceof ObjectValue root)) {
      throw new DecodeException("couldn't get version/kind; json parse error: json: cannot unmarshal "
          + document.root().jsonType() + " into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }");
    }
    var unknown = new ArrayList<String>();
    ObjectValue object = shaped(numbers(root), unknown);
    var told = new ArrayList<String>();
    if (strict) {
      told.addAll(document.duplicates());
      unknown.forEach(path -> told.add("unknown field \"" + path + "\""));
    }
    return new Decoded(object, told);
  }

  /// The object in the shape of this version; adds the paths of what is unknown.
  ///
  /// @throws DecodeException when its metadata is none
  ObjectValue shaped(ObjectValue object, List<String> unknown) {
    ObjectValue typed = object;
    Value metadata = object.get("metadata");
    if (metadata != null) {
      Decoded decoded = EmbeddedMetadata.decode(metadata);
      EmbeddedMetadata.unknownPaths(decoded).forEach(path -> unknown.add("metadata." + path));
      typed = typed.with("metadata", decoded.object());
    }
    boolean own = typed.string("kind").equals(kind.kind()) && typed.string("apiVersion").equals(kind.apiVersion());
    if (!own) {
      return typed;
    }
    if (!preserving) {
      Pruning.Pruned pruned = Pruning.resource(typed, schema);
      unknown.addAll(pruned.unknown());
      typed = Defaulting.withoutForbiddenNulls(pruned.object(), schema);
    }
    EmbeddedMetadata.Coerced coerced = EmbeddedMetadata.coerce(typed, schema, null);
    if (coerced.error().isPresent()) {
      FieldError error = coerced.error().get();
      throw new DecodeException(error.toString());
    }
    unknown.addAll(coerced.unknown());
    return coerced.object();
  }

  /// An object of another version as this one: only its apiVersion differs, and what this version does not know is dropped.
  ObjectValue adopt(ObjectValue object) {
    try {
      return shaped(object.with("apiVersion", new StringValue(kind.apiVersion())), new ArrayList<>());
    } catch (DecodeException _) {
      return object.with("apiVersion", new StringValue(kind.apiVersion()));
    }
  }

  ObjectValue defaulted(ObjectValue object) {
    return Defaulting.apply(object, schema);
  }

  boolean hasStatus() {
    return subresources.get("status") instanceof ObjectValue;
  }

  @Nullable ObjectValue scale() {
    return subresources.get("scale") instanceof ObjectValue scale ? scale : null;
  }

  /// Floats as Go prints them.
  private static ObjectValue numbers(ObjectValue object) {
    ObjectValue changed = object;
    for (int i = 0; i < object.size(); i++) {
      Value before = object.valueAt(i);
      Value after = numbers(before);
      if (after != before) {
        changed = changed.with(object.nameAt(i), after);
      }
    }
    return changed;
  }

  private static Value numbers(Value value) {
    return switch (value) {
      case ObjectValue object -> numbers(object);
      case ListValue list -> list.map(CustomVersion::numbers);
      case DecimalValue decimal -> {
        DecimalValue printed = DecimalValue.of(decimal.doubleValue());
        yield printed.equals(decimal) ? decimal : printed;
      }
      default -> value;
    };
  }
}
