package io.thyra.machinery;

import io.thyra.model.Query;

/// The options of a read of one object.
///
/// @param resourceVersion as sent, empty for none
public record GetOptions(String resourceVersion) {
  public static GetOptions parse(Query query) {
    return new GetOptions(query.first("resourceVersion"));
  }
}
