package io.thyra.registry;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;

/// Sorts the names of an object at every level, as Go prints maps.
final class SortedNames {
  private SortedNames() {}

  static ObjectValue of(ObjectValue object) {
    boolean changed = false;
    var out = ObjectValue.builder(object.size());
    for (int i = 0; i < object.size(); i++) {
      Value before = object.valueAt(i);
      Value after = value(before);
      changed |= after != before || i > 0 && object.nameAt(i - 1).compareTo(object.nameAt(i)) > 0;
      out.put(object.nameAt(i), after);
    }
    return changed ? out.buildSorted() : object;
  }

  private static Value value(Value value) {
    return switch (value) {
      case ObjectValue object -> of(object);
      case ListValue list -> list.map(SortedNames::value);
      case Value scalar -> scalar;
    };
  }
}
