package io.thyra.machinery;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A node of a document under patch that is opened only where the patch walks. An opened object forgets the order of its
/// names and prints them sorted; that shows in error texts, so it is kept. Confined to one patch.
/// Source: evanphx/json-patch patch.go (lazyNode).
final class JsonNode {
  private @Nullable Value raw;
  private @Nullable TreeMap<String, Slot> fields;
  private @Nullable List<Slot> items;

  /// A place in a container; it is empty where the document has null.
  record Slot(@Nullable JsonNode node) {
    static final Slot EMPTY = new Slot(null);

    static Slot of(Value value) {
      return value instanceof NullValue ? EMPTY : new Slot(new JsonNode(value));
    }

    Value toValue() {
      return node == null ? NullValue.NULL : node.toValue();
    }
  }

  /// @param raw null for a null that an operation brought
  JsonNode(@Nullable Value raw) {
    this.raw = raw;
  }

  /// Whether it holds nothing that could be walked into.
  boolean isBlank() {
    return raw == null && fields == null && items == null;
  }

  boolean isArray() {
    return items != null || raw instanceof ListValue;
  }

  /// The fields, opened; null when this is no object.
  @Nullable TreeMap<String, Slot> fields() {
    if (fields == null && raw instanceof ObjectValue object) {
      var opened = new TreeMap<String, Slot>();
      for (int i = 0; i < object.size(); i++) {
        opened.put(object.nameAt(i), Slot.of(object.valueAt(i)));
      }
      fields = opened;
      raw = null;
    }
    return fields;
  }

  /// The items, opened; null when this is no array.
  @Nullable List<Slot> items() {
    if (items == null && raw instanceof ListValue list) {
      var opened = new ArrayList<Slot>(list.size());
      list.forEach(item -> opened.add(Slot.of(item)));
      items = opened;
      raw = null;
    }
    return items;
  }

  /// Equality as the test operation sees it: numbers by text, objects whatever their order. Opens both sides.
  boolean isEqualTo(JsonNode other) {
    TreeMap<String, Slot> mine = fields();
    if (mine != null) {
      TreeMap<String, Slot> theirs = other.fields();
      if (theirs == null || mine.size() != theirs.size()) {
        return false;
      }
      for (var entry : mine.entrySet()) {
        Slot slot = theirs.get(entry.getKey());
        if (slot == null || !areEqual(entry.getValue(), slot)) {
          return false;
        }
      }
      return true;
    }
    List<Slot> list = items();
    if (list != null) {
      List<Slot> theirs = other.items();
      if (theirs == null || list.size() != theirs.size()) {
        return false;
      }
      for (int i = 0; i < list.size(); i++) {
        if (!areEqual(list.get(i), theirs.get(i))) {
          return false;
        }
      }
      return true;
    }
    Value left = raw;
    Value right = other.raw;
    if (left == null || right == null) {
      return left == null && right == null && other.isBlank();
    }
    return left instanceof NumberValue a && right instanceof NumberValue b
        ? a.text().equals(b.text())
        : left.equals(right);
  }

  private static boolean areEqual(Slot left, Slot right) {
    JsonNode a = left.node();
    JsonNode b = right.node();
    return a == null || b == null ? a == b : a.isEqualTo(b);
  }

  /// The document, with the fields of opened objects sorted.
  Value toValue() {
    if (fields != null) {
      var out = ObjectValue.builder(Math.max(1, fields.size()));
      fields.forEach((name, slot) -> out.put(name, slot.toValue()));
      return out.build();
    }
    if (items != null) {
      return new ListValue(items.stream().map(Slot::toValue).toList());
    }
    return raw == null ? NullValue.NULL : raw;
  }

  /// Drops the nulls of objects, at any depth; arrays keep theirs.
  void pruneNulls() {
    TreeMap<String, Slot> mine = fields();
    if (mine != null) {
      mine.values().removeIf(slot -> slot.node() == null);
      mine.values().forEach(JsonNode::prune);
      return;
    }
    List<Slot> list = items();
    if (list != null) {
      list.forEach(JsonNode::prune);
    }
  }

  private static void prune(Slot slot) {
    if (slot.node() != null) {
      slot.node().pruneNulls();
    }
  }
}
