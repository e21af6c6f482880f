package io.thyra.cache;

import java.util.List;

/// What a selector demands of one label or field: that it is there with one of these values.
///
/// @param label whether a label is meant, else a field
/// @param values at least one, without duplicates
public record Term(boolean label, String name, List<String> values) {
  public Term {
    values = List.copyOf(values);
  }
}
