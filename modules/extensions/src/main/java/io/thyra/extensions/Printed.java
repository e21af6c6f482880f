package io.thyra.extensions;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// Values in the order in which Go prints maps. Pure.
final class Printed {
  private Printed() {}

  /// The value with the names of all its objects sorted.
  static Value sorted(Value value) {
    return switch (value) {
      case ObjectValue object -> {
        var out = ObjectValue.builder(object.size());
        object.forEach((name, child) -> out.put(name, sorted(child)));
        yield out.buildSorted();
      }
      case ListValue list -> list.map(Printed::sorted);
      default -> value;
    };
  }
}
