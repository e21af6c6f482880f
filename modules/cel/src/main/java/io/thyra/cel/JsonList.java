package io.thyra.cel;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A JSON array as CEL sees it: items are read through their type, sets and maps by keys compare without order and add up as
/// unions. Source: apiserver pkg/cel/common/valuesunstructured.go.
final class JsonList extends AbstractList<Object> {
  private final ListValue list;
  private final DeclType type;

  JsonList(ListValue list, DeclType type) {
    this.list = list;
    this.type = type;
  }

  ListValue list() {
    return list;
  }

  private DeclType element() {
    DeclType element = type.element();
    return element == null ? DeclType.DYN : element;
  }

  @Override
  public Object get(int index) {
    return CelValues.of(list.get(index), element());
  }

  @Override
  public int size() {
    return list.size();
  }

  boolean isSet() {
    return type.listType().equals("set");
  }

  boolean isMap() {
    return type.listType().equals("map");
  }

  /// The item that has the keys of another one; null when there is none.
  private @Nullable Value twin(Value item) {
    for (Value candidate : list) {
      if (isSet() ? candidate.equals(item) : sameKeys(candidate, item)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean sameKeys(Value left, Value right) {
    if (!(left instanceof ObjectValue a) || !(right instanceof ObjectValue b)) {
      return false;
    }
    for (String key : type.mapKeys()) {
      Value one = a.get(key);
      if (one == null ? b.has(key) : !one.equals(b.get(key))) {
        return false;
      }
    }
    return true;
  }

  /// Whether another list has the same items, in any order where order does not count.
  boolean sameAs(List<?> other) {
    if (other.size() != size()) {
      return false;
    }
    if (other instanceof JsonList that && (isSet() || isMap())) {
      for (Value item : that.list) {
        Value mine = twin(item);
        if (mine == null || !CelValues.equal(CelValues.of(mine, element()), CelValues.of(item, element()))) {
          return false;
        }
      }
      return true;
    }
    for (int i = 0; i < size(); i++) {
      if (!CelValues.equal(get(i), other.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// This list and what another one adds: items that are here already stay (sets) or are replaced in place (maps).
  List<Object> plus(List<?> other) {
    if (!(other instanceof JsonList that) || !isSet() && !isMap()) {
      var all = new ArrayList<Object>(size() + other.size());
      all.addAll(this);
      all.addAll(other);
      return all;
    }
    var items = new ArrayList<>(list.items());
    for (Value item : that.list) {
      Value mine = twin(item);
      if (mine == null) {
        items.add(item);
      } else if (isMap()) {
        items.set(items.indexOf(mine), item);
      }
    }
    return new JsonList(new ListValue(items), type);
  }
}
