package io.thyra.machinery.apply;

import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step of a path into an object: a field, an item of an associative list by its keys, an item of a set by its
/// value, or an item by its index. Ordered as upstream orders them: names first, then keys, values and indexes.
/// Numbers are equal when they are numerically equal, whatever their notation.
/// Source: structured-merge-diff fieldpath/element.go, serialize-pe.go.
public sealed interface PathElement extends Comparable<PathElement> {
  /// A field of an object.
  record Name(String name) implements PathElement {
    @Override
    public String toString() {
      return "." + name;
    }
  }

  /// The item of a list whose key fields have these values; sorted by field name.
  record Key(List<Field> fields) implements PathElement {
    public Key {
      fields =
          fields.size() < 2 ? List.copyOf(fields) : fields.stream().sorted(Comparator.comparing(Field::name)).toList();
    }

    @Override
    public String toString() {
      var out = new StringBuilder("[");
      for (int i = 0; i < fields.size(); i++) {
        Field field = fields.get(i);
        out.append(i == 0 ? "" : ",").append(field.name()).append('=').append(Values.text(field.value()));
      }
      return out.append(']').toString();
    }
  }

  /// A key field of an item and its value.
  record Field(String name, Value value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Field(String otherName, Value otherValue)
          && name.equals(otherName)
          && Values.equal(value, otherValue);
    }

    @Override
    public int hashCode() {
      return 31 * name.hashCode() + Values.hash(value);
    }
  }

  /// The item of a set that equals a value.
  record Item(Value value) implements PathElement {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Item(Value otherValue) && Values.equal(value, otherValue);
    }

    @Override
    public int hashCode() {
      return Values.hash(value);
    }

    @Override
    public String toString() {
      return "[=" + Values.text(value) + "]";
    }
  }

  /// The item of a list at a position.
  record Index(int index) implements PathElement {
    @Override
    public String toString() {
      return "[" + index + "]";
    }
  }

  static PathElement name(String name) {
    return new Name(name);
  }

  static PathElement key(String name, Value value) {
    return new Key(List.of(new Field(name, value)));
  }

  @Override
  default int compareTo(PathElement other) {
    return switch (this) {
      case Name(String name) -> other instanceof Name(String otherName) ? Values.compareText(name, otherName) : -1;
      case Key key -> other instanceof Key otherKey ? compare(key, otherKey) : other instanceof Name ? 1 : -1;
      case Item(Value value) ->
          other instanceof Item(Value otherValue) ? Values.compare(value, otherValue) : other instanceof Index ? -1 : 1;
      case Index(int index) -> other instanceof Index(int otherIndex) ? Integer.compare(index, otherIndex) : 1;
    };
  }

  private static int compare(Key left, Key right) {
    int shared = Math.min(left.fields.size(), right.fields.size());
    for (int i = 0; i < shared; i++) {
      Field a = left.fields.get(i);
      Field b = right.fields.get(i);
      int order = Values.compareText(a.name, b.name);
      if (order == 0) {
        order = Values.compare(a.value, b.value);
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.fields.size(), right.fields.size());
  }

  /// The name that stands for this step in FieldsV1: `f:name`, `k:{"name":"x"}`, `v:"x"`, `i:0`.
  default String encode() {
    return switch (this) {
      case Name(String name) -> "f:".concat(name);
      case Key(List<Field> fields) -> {
        var out = new StringBuilder("k:{");
        for (int i = 0; i < fields.size(); i++) {
          Field field = fields.get(i);
          out.append(i == 0 ? "" : ",");
          Values.appendJsonText(out, field.name(), false);
          out.append(':');
          Values.appendJson(out, field.value());
        }
        yield out.append('}').toString();
      }
      case Item(Value value) -> {
        var out = new StringBuilder("v:");
        Values.appendJson(out, value);
        yield out.toString();
      }
      case Index(int index) -> "i:" + index;
    };
  }

  /// The step that a FieldsV1 name stands for; null for kinds of a later version, which are to be ignored.
  ///
  /// @throws IllegalArgumentException for a name that is none
  static @Nullable PathElement decode(String text) {
    if (text.length() < 2) {
      throw new IllegalArgumentException("key must be 2 characters long:");
    }
    if (text.charAt(1) != ':') {
      throw new IllegalArgumentException("missing colon: " + text);
    }
    return switch (text.charAt(0)) {
      case 'f' -> new Name(text.substring(2));
      case 'v' -> new Item(JsonText.parse(text.substring(2)));
      case 'k' -> {
        if (!(JsonText.parse(text.substring(2)) instanceof ObjectValue keys)) {
          throw new IllegalArgumentException("a key must be an object: " + text);
        }
        var fields = new ArrayList<Field>(keys.size());
        keys.forEach((name, value) -> fields.add(new Field(name, value)));
        yield new Key(fields);
      }
      case 'i' -> new Index(Integer.parseInt(text.substring(2)));
      default -> null;
    };
  }

  /// Whether this names a field; a shorthand for readers of sets.
  default boolean isName() {
    return this instanceof Name;
  }

  /// The key of an item identified by an integer, such as a port.
  static PathElement key(String name, long value) {
    return key(name, new IntegerValue(value));
  }
}
