package io.thyra.schema;

import java.util.List;

/// A list and how server-side apply merges it.
///
/// @param mapKeys the fields that identify an item, for [Type#MAP]
/// @param wrapped whether protobuf wraps the items in a message of their own ({items = 1}), as metav1.Verbs does
public record ListOf(Shape item, Type type, List<String> mapKeys, boolean wrapped) implements Shape {
  /// The values of `x-kubernetes-list-type`.
  public enum Type {
    ATOMIC,
    SET,
    MAP
  }

  public ListOf {
    mapKeys = List.copyOf(mapKeys);
  }

  public static ListOf atomic(Shape item) {
    return new ListOf(item, Type.ATOMIC, List.of(), false);
  }
}
