package io.thyra.machinery.apply;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.ListOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What changed between two states of an object. Subtrees that both share are not looked at.
/// Source: structured-merge-diff typed/compare.go.
///
/// @param removed fields of the left that the right lacks
/// @param modified fields of both that differ
/// @param added fields of the right that the left lacks
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {
  static final Comparison SAME = new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

  /// Compares two objects that have passed validation.
  static Comparison of(ObjectValue left, ObjectValue right, Struct type) {
    if (left == right) {
      return SAME;
    }
    var walk = new Walk();
    walk.compare(left, right, type);
    return new Comparison(walk.removed.build(), walk.modified.build(), walk.added.build());
  }

  boolean isSame() {
    return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
  }

  Comparison filter(@Nullable FieldFilter filter) {
    return filter == null ? this : new Comparison(filter.apply(removed), filter.apply(modified), filter.apply(added));
  }

  private static final class Walk {
    private final Paths path = new Paths();
    private final FieldSet.Builder removed = new FieldSet.Builder();
    private final FieldSet.Builder modified = new FieldSet.Builder();
    private final FieldSet.Builder added = new FieldSet.Builder();

    /// Compares two values of which at most one is absent.
    void compare(@Nullable Value left, @Nullable Value right, Shape shape) {
      if (left == right) {
        return;
      }
      Types.Form leftForm = Types.form(shape, left);
      Types.Form rightForm = Types.form(shape, right);
      boolean leaf;
      if (right == null) {
        leaf = walk(leftForm, left, null, shape);
      } else if (left == null || leftForm == rightForm) {
        leaf = walk(rightForm, left, right, shape);
      } else {
        walk(leftForm, left, right, shape);
        leaf = walk(rightForm, left, right, shape);
      }
      if (!leaf) {
        if (left == null) {
          path.recordIn(added);
        } else if (right == null) {
          path.recordIn(removed);
        }
      }
    }

    /// Whether the values were compared as a whole.
    private boolean walk(Types.Form form, @Nullable Value left, @Nullable Value right, Shape shape) {
      return switch (form) {
        case SCALAR -> {
          leaf(left, right);
          yield true;
        }
        case LIST -> {
          ListValue leftItems = left instanceof ListValue items ? items : ListValue.EMPTY;
          ListValue rightItems = right instanceof ListValue items ? items : ListValue.EMPTY;
          // Two empty ones are compared as they are, which keeps null and empty apart.
          boolean whole = Types.isAtomicList(shape) || leftItems.isEmpty() && rightItems.isEmpty();
          if (whole) {
            leaf(left, right);
          } else {
            lists(leftItems, rightItems, (ListOf) shape);
          }
          yield whole;
        }
        case OBJECT -> {
          ObjectValue leftObject = left instanceof ObjectValue object ? object : ObjectValue.EMPTY;
          ObjectValue rightObject = right instanceof ObjectValue object ? object : ObjectValue.EMPTY;
          boolean whole = Types.isAtomicObject(shape) || leftObject.isEmpty() && rightObject.isEmpty();
          if (whole) {
            leaf(left, right);
          } else {
            objects(leftObject, rightObject, shape);
          }
          yield whole;
        }
      };
    }

    private void leaf(@Nullable Value left, @Nullable Value right) {
      if (left == null) {
        path.recordIn(added);
      } else if (right == null) {
        path.recordIn(removed);
      } else if (!Values.equal(left, right)) {
        path.recordIn(modified);
      }
    }

    private void objects(ObjectValue left, ObjectValue right, Shape shape) {
      for (int i = 0; i < left.size(); i++) {
        String name = left.nameAt(i);
        Value before = left.valueAt(i);
        Value after = i < right.size() && right.nameAt(i).equals(name) ? right.valueAt(i) : right.get(name);
        if (before != after) {
          path.push(name);
          compare(before, after, Types.field(shape, name));
          path.pop();
        }
      }
      for (int i = 0; i < right.size(); i++) {
        String name = right.nameAt(i);
        if (!(i < left.size() && left.nameAt(i).equals(name)) && !left.has(name)) {
          path.push(name);
          compare(null, right.valueAt(i), Types.field(shape, name));
          path.pop();
        }
      }
    }

    private void lists(ListValue left, ListValue right, ListOf list) {
      if (Values.equal(left, right)) {
        return;
      }
      var items = new LinkedHashMap<PathElement, Pair>();
      for (Value item : left) {
        items.computeIfAbsent(Types.step(list, item), _ -> new Pair()).left.add(item);
      }
      for (Value item : right) {
        items.computeIfAbsent(Types.step(list, item), _ -> new Pair()).right.add(item);
      }
      items.forEach(
          (step, pair) -> {
            path.push(step);
            pair(pair, list.item());
            path.pop();
          });
    }

    /// Items that share an identity are compared as a whole: they cannot be told apart.
    private void pair(Pair pair, Shape item) {
      List<Value> before = pair.left;
      List<Value> after = pair.right;
      if (before.size() <= 1 && after.size() <= 1) {
        compare(before.isEmpty() ? null : before.getFirst(), after.isEmpty() ? null : after.getFirst(), item);
      } else if (before.size() >= 2 && after.size() >= 2) {
        if (!Values.equal(new ListValue(before), new ListValue(after))) {
          path.recordIn(modified);
        }
      } else if (before.size() >= 2) {
        if (!after.isEmpty()) {
          compare(null, after.getFirst(), item);
        }
        path.recordIn(removed);
      } else {
        if (!before.isEmpty()) {
          compare(before.getFirst(), null, item);
        }
        path.recordIn(added);
      }
    }

    private static final class Pair {
      final List<Value> left = new ArrayList<>(1);
      final List<Value> right = new ArrayList<>(1);
    }
  }
}
