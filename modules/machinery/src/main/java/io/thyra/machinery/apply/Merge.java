package io.thyra.machinery.apply;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.ListOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lays an applied configuration over an object: the configuration wins where both say something. Returns the very
/// instance of a subtree that does not change. Source: structured-merge-diff typed/merge.go.
final class Merge {
  private Merge() {}

  /// Merges two objects that have passed validation; the configuration has no duplicates.
  ///
  /// @throws TypedException when the configuration has an item twice
  static ObjectValue of(ObjectValue live, ObjectValue config, Struct type) {
    return merge(live, config, type) instanceof ObjectValue object ? object : ObjectValue.EMPTY;
  }

  private static Value merge(Value left, Value right, Shape shape) {
    if (left == right) {
      return left;
    }
    return switch (Types.form(shape, right)) {
      case SCALAR -> keepRight(left, right);
      case LIST -> {
        ListValue before = left instanceof ListValue items ? items : ListValue.EMPTY;
        ListValue after = right instanceof ListValue items ? items : ListValue.EMPTY;
        yield Types.isAtomicList(shape) || before.isEmpty() && after.isEmpty()
            ? keepRight(left, right)
            : lists(before, after, (ListOf) shape);
      }
      case OBJECT -> {
        ObjectValue before = left instanceof ObjectValue object ? object : ObjectValue.EMPTY;
        ObjectValue after = right instanceof ObjectValue object ? object : ObjectValue.EMPTY;
        yield Types.isAtomicObject(shape) || before.isEmpty() && after.isEmpty()
            ? keepRight(left, right)
            : objects(before, after, shape);
      }
    };
  }

  private static Value keepRight(Value left, Value right) {
    return Values.equal(left, right) ? left : right;
  }

  private static Value objects(ObjectValue left, ObjectValue right, Shape shape) {
    if (left.isEmpty()) {
      return right;
    }
    ObjectValue.Builder out = ObjectValue.builder(left.size() + right.size());
    boolean changed = false;
    for (int i = 0; i < left.size(); i++) {
      String name = left.nameAt(i);
      Value before = left.valueAt(i);
      Value applied = right.get(name);
      Value after = applied == null ? before : merge(before, applied, Types.field(shape, name));
      changed |= after != before;
      out.put(name, after);
    }
    int known = out.size();
    for (int i = 0; i < right.size(); i++) {
      if (!left.has(right.nameAt(i))) {
        out.put(right.nameAt(i), right.valueAt(i));
      }
    }
    if (out.size() > known) {
      return inOrder(out.build(), shape);
    }
    return changed ? out.build() : left;
  }

  /// Puts new fields where they are printed: in the order of the type, else sorted.
  private static ObjectValue inOrder(ObjectValue object, Shape shape) {
    var places = new HashMap<String, Integer>();
    if (shape instanceof Struct struct) {
      declare(struct, places);
    }
    var names = new ArrayList<>(object.names());
    names.sort(
        (a, b) -> {
          int order =
              Integer.compare(places.getOrDefault(a, Integer.MAX_VALUE), places.getOrDefault(b, Integer.MAX_VALUE));
          return order != 0 ? order : Values.compareText(a, b);
        });
    ObjectValue.Builder out = ObjectValue.builder(names.size());
    for (String name : names) {
      Value value = object.get(name);
      if (value != null) {
        out.put(name, value);
      }
    }
    return out.build();
  }

  private static void declare(Struct struct, Map<String, Integer> places) {
    for (FieldSchema field : struct.fields()) {
      if (field.inline() && field.shape() instanceof Struct embedded) {
        declare(embedded, places);
      } else {
        places.putIfAbsent(field.name(), places.size());
      }
    }
  }

  private static Value lists(ListValue left, ListValue right, ListOf list) {
    var merged = new ListMerge(left, right, list).run();
    if (merged.size() == left.size()) {
      boolean same = true;
      for (int i = 0; i < merged.size() && same; i++) {
        same = merged.get(i) == left.get(i);
      }
      if (same) {
        return left;
      }
    }
    return new ListValue(merged);
  }

  /// Merges two associative lists. Items of both keep the order that the configuration gives them; items of the object
  /// alone stay where they are among these; new ones come where the configuration has them.
  private static final class ListMerge {
    private final ListValue left;
    private final ListOf list;
    private final List<PathElement> leftSteps = new ArrayList<>();
    private final List<PathElement> rightSteps = new ArrayList<>();
    private final Map<PathElement, Value> leftItems = new HashMap<>();
    private final Map<PathElement, Value> rightItems = new HashMap<>();
    private final List<PathElement> sharedOrder = new ArrayList<>();
    private final List<Value> out = new ArrayList<>();
    private int nextShared;

    ListMerge(ListValue left, ListValue right, ListOf list) {
      this.left = left;
      this.list = list;
      for (Value item : right) {
        PathElement step = Types.step(list, item);
        if (rightItems.put(step, item) != null) {
          throw new TypedException("duplicate entries for key " + step);
        }
        rightSteps.add(step);
      }
      for (Value item : left) {
        PathElement step = Types.step(list, item);
        // Items of the object that share an identity are not merged with the new one: it replaces them.
        leftItems.merge(step, item, (_, _) -> NullValue.NULL);
        leftSteps.add(step);
      }
      for (PathElement step : rightSteps) {
        if (leftItems.containsKey(step)) {
          sharedOrder.add(step);
        }
      }
    }

    List<Value> run() {
      var merged = new HashSet<PathElement>();
      int l = 0;
      int r = 0;
      while (l < leftSteps.size() || r < rightSteps.size()) {
        if (l < leftSteps.size() && r < rightSteps.size()) {
          PathElement step = leftSteps.get(l);
          if (step.equals(rightSteps.get(r))) {
            merged.add(step);
            add(step);
            l++;
            r++;
            nextShared++;
            continue;
          }
          PathElement awaited = awaited();
          if (rightItems.containsKey(step) && awaited != null && !awaited.equals(step)) {
            // The configuration has this one at another place.
            l++;
            continue;
          }
        }
        if (l < leftSteps.size()) {
          PathElement step = leftSteps.get(l);
          if (!rightItems.containsKey(step)) {
            out.add(left.get(l));
            l++;
            continue;
          }
          if (merged.contains(step)) {
            l++;
          }
        }
        if (r < rightSteps.size()) {
          PathElement step = rightSteps.get(r);
          merged.add(step);
          add(step);
          r++;
          if (step.equals(awaited())) {
            nextShared++;
          }
        }
      }
      return out;
    }

    private @Nullable PathElement awaited() {
      return nextShared < sharedOrder.size() ? sharedOrder.get(nextShared) : null;
    }

    private void add(PathElement step) {
      Value before = leftItems.get(step);
      Value after = rightItems.get(step);
      if (after != null) {
        out.add(before == null ? after : merge(before, after, list.item()));
      }
    }
  }
}
