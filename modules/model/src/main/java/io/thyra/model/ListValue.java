package io.thyra.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A JSON array.
public record ListValue(List<Value> items) implements Value, Iterable<Value> {
  public static final ListValue EMPTY = new ListValue(List.of());

  public ListValue {
    items = List.copyOf(items);
  }

  public static ListValue of(Value... items) {
    return new ListValue(List.of(items));
  }

  public static ListValue ofStrings(Iterable<String> texts) {
    var items = new ArrayList<Value>();
    texts.forEach(text -> items.add(new StringValue(text)));
    return new ListValue(items);
  }

  public int size() {
    return items.size();
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }

  public Value get(int index) {
    return items.get(index);
  }

  /// The item as an object; an empty one where it is something else.
  public ObjectValue object(int index) {
    return items.get(index) instanceof ObjectValue object ? object : ObjectValue.EMPTY;
  }

  /// The items that are objects, in order.
  public List<ObjectValue> objects() {
    var found = new ObjectValue[items.size()];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      if (items.get(i) instanceof ObjectValue object) {
        found[count++] = object;
      }
    }
    return Collections.unmodifiableList(Arrays.asList(count == found.length ? found : Arrays.copyOf(found, count)));
  }

  /// The items that are strings, in order.
  public List<String> strings() {
    var found = new String[items.size()];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      if (items.get(i) instanceof StringValue(String text)) {
        found[count++] = text;
      }
    }
    return Collections.unmodifiableList(Arrays.asList(count == found.length ? found : Arrays.copyOf(found, count)));
  }

  public Stream<Value> stream() {
    return items.stream();
  }

  public ListValue plus(Value item) {
    Objects.requireNonNull(item);
    var all = new ArrayList<Value>(items.size() + 1);
    all.addAll(items);
    all.add(item);
    return new ListValue(all);
  }

  /// The list with each item replaced; the same instance when nothing changed.
  public ListValue map(UnaryOperator<Value> change) {
    List<Value> changed = null;
    for (int i = 0; i < items.size(); i++) {
      Value before = items.get(i);
      Value after = change.apply(before);
      if (changed == null && after != before) {
        changed = new ArrayList<>(items.subList(0, i));
      }
      if (changed != null) {
        changed.add(after);
      }
    }
    return changed == null ? this : new ListValue(changed);
  }

  /// [#map] over the items that are objects.
  public ListValue mapObjects(UnaryOperator<ObjectValue> change) {
    return map(item -> item instanceof ObjectValue object ? change.apply(object) : item);
  }

  @Override
  public Iterator<Value> iterator() {
    return items.iterator();
  }

  @Override
  public String toString() {
    return items.toString();
  }
}
