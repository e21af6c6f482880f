package io.thyra.machinery;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tree that a strategic merge patch works on in place, as upstream does on its maps: the patch is used up while it is
/// merged, and error texts print what is left. Confined to one patch. Objects and lists are equal only to themselves.
sealed interface Draft {
  Draft NULL = new Leaf(NullValue.NULL);

  /// An object under work.
  final class Fields implements Draft {
    final Map<String, Draft> entries = new LinkedHashMap<>();

    @Nullable Draft get(String name) {
      return entries.get(name);
    }

    ObjectValue toObject() {
      var out = ObjectValue.builder(Math.max(1, entries.size()));
      entries.forEach((name, entry) -> out.put(name, entry.toValue()));
      return out.build();
    }
  }

  /// A list under work.
  final class Items implements Draft {
    final List<Draft> list;

    Items(List<Draft> list) {
      this.list = list;
    }
  }

  /// Anything without parts.
  record Leaf(Value value) implements Draft {}

  static Draft of(Value value) {
    return switch (value) {
      case ObjectValue object -> fieldsOf(object);
      case ListValue list -> {
        var items = new ArrayList<Draft>(list.size());
        list.forEach(item -> items.add(of(item)));
        yield new Items(items);
      }
      default -> new Leaf(value);
    };
  }

  static Fields fieldsOf(ObjectValue object) {
    var fields = new Fields();
    for (int i = 0; i < object.size(); i++) {
      fields.entries.put(object.nameAt(i), of(object.valueAt(i)));
    }
    return fields;
  }

  default Value toValue() {
    return switch (this) {
      case Leaf(Value value) -> value;
      case Items items -> new ListValue(items.list.stream().map(Draft::toValue).toList());
      case Fields fields -> fields.toObject();
    };
  }

  default boolean isNull() {
    return this instanceof Leaf(Value value) && value.isNull();
  }

  default boolean is(String text) {
    return this instanceof Leaf(StringValue(String value)) && value.equals(text);
  }

  /// Whether Go would hold both in the same type.
  default boolean hasTypeOf(Draft other) {
    return GoPrint.typeName(shallow()).equals(GoPrint.typeName(other.shallow()));
  }

  /// A value of the same type without the parts.
  default Value shallow() {
    return switch (this) {
      case Leaf(Value value) -> value;
      case Items _ -> ListValue.EMPTY;
      case Fields _ -> ObjectValue.EMPTY;
    };
  }
}
