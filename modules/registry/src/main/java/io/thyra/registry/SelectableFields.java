package io.thyra.registry;

import io.thyra.model.ObjectValue;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// The fields that a kind's field selectors may name beyond `metadata.name` and `metadata.namespace`.
///
/// @param values how each is read from an object in the hub version
/// @param aliases labels of a version that stand for another one, such as `spec.host` for `spec.nodeName`
/// @param unknown the text that an unknown label is refused with, as 400
public record SelectableFields(
    Map<String, Function<ObjectValue, String>> values, Map<String, String> aliases, UnaryOperator<String> unknown) {
  /// No fields of its own, and the text that most kinds answer with.
  public static final SelectableFields NONE = of(Map.of());

  public SelectableFields {
    values = Map.copyOf(values);
    aliases = Map.copyOf(aliases);
  }

  public static SelectableFields of(Map<String, Function<ObjectValue, String>> values) {
    return new SelectableFields(values, Map.of(), label -> "field label not supported: " + label);
  }
}
