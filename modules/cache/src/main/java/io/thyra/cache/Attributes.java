package io.thyra.cache;

import java.util.Map;

/// What selectors ask of an object, taken out of it once so that nobody decodes it again.
///
/// @param labels metadata.labels
/// @param fields what the resource's field selectors may name, by path
public record Attributes(Map<String, String> labels, Map<String, String> fields) {
  public static final Attributes NONE = new Attributes(Map.of(), Map.of());

  public Attributes {
    labels = Map.copyOf(labels);
    fields = Map.copyOf(fields);
  }
}
