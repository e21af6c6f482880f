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
/// merged, and error texts print what is left. Objects and lists are opened where the merge walks, the rest stays the tree
/// it was. Confined to one patch. Objects and lists are equal only to themselves.
sealed interface Draft {
  Draft NULL = new Leaf(NullValue.NULL);

  /// An object under work.
  final class Fields implements Draft {
    private final ObjectValue source;
    // Null until somebody looks inside.
    private @Nullable Map<String, Draft> entries;

    Fields() {
      this(ObjectValue.EMPTY);
    }

    Fields(ObjectValue source) {
      this.source = source;
    }

    Map<String, Draft> entries() {
      Map<String, Draft> opened = entries;
      if (opened == null) {
        opened = new LinkedHashMap<>(source.size() * 2);
        for (int i = 0; i < source.size(); i++) {
          opened.put(source.nameAt(i), of(source.valueAt(i)));
        }
        entries = opened;
      }
      return opened;
    }

    @Nullable Draft get(String name) {
      return entries().get(name);
    }

    /// The object as it is now; the one that it was made of when nothing in it has changed.
    ObjectValue toObject() {
      Map<String, Draft> opened = entries;
      if (opened == null) {
        return source;
      }
      String[] names = new String[opened.size()];
      Value[] values = new Value[names.length];
      boolean same = names.length == source.size();
      int i = 0;
      for (Map.Entry<String, Draft> entry : opened.entrySet()) {
        names[i] = entry.getKey();
        values[i] = entry.getValue().toValue();
        same = same && source.valueAt(i) == values[i] && source.nameAt(i).equals(names[i]);
        i++;
      }
      return same ? source : ObjectValue.ofDistinct(names, values, i);
    }
  }

  /// A list under work.
  final class Items implements Draft {
    private final ListValue source;
    // Null until somebody looks inside.
    private @Nullable List<Draft> list;

    Items(ListValue source) {
      this.source = source;
    }

    Items(List<Draft> list) {
      this.source = ListValue.EMPTY;
      this.list = list;
    }

    List<Draft> list() {
      List<Draft> opened = list;
      if (opened == null) {
        opened = new ArrayList<>(source.size());
        for (Value item : source) {
          opened.add(of(item));
        }
        list = opened;
      }
      return opened;
    }

    /// The list as it is now; the one that it was made of when nobody looked inside.
    ListValue toList() {
      return list == null ? source : new ListValue(list.stream().map(Draft::toValue).toList());
    }
  }

  /// Anything without parts.
  record Leaf(Value value) implements Draft {}

  static Draft of(Value value) {
    return switch (value) {
      case ObjectValue object -> new Fields(object);
      case ListValue list -> new Items(list);
      default -> new Leaf(value);
    };
  }

  default Value toValue() {
    return switch (this) {
      case Leaf(Value value) -> value;
      case Items items -> items.toList();
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
