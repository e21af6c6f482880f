package io.thyra.machinery.apply;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.ListOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.HashMap;
import java.util.HashSet;

/// Collects the fields that an object has. One walk, owned by its thread.
/// Source: structured-merge-diff typed/tofieldset.go.
final class FieldWalk {
  private final Paths path = new Paths();
  private final FieldSet.Builder out = new FieldSet.Builder();

  private FieldWalk() {}

  /// The fields of an object that has passed validation.
  static FieldSet of(ObjectValue object, Struct type) {
    var walk = new FieldWalk();
    walk.value(object, type);
    return walk.out.build();
  }

  private void value(Value value, Shape shape) {
    switch (Types.form(shape, value)) {
      case SCALAR -> path.recordIn(out);
      case LIST -> {
        if (Types.isAtomicList(shape)) {
          path.recordIn(out);
        } else if (value instanceof ListValue items) {
          list(items, (ListOf) shape);
        }
      }
      case OBJECT -> {
        if (Types.isAtomicObject(shape)) {
          path.recordIn(out);
        } else if (value instanceof ObjectValue object) {
          object(object, shape);
        }
      }
    }
  }

  private void object(ObjectValue object, Shape shape) {
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      Value value = object.valueAt(i);
      path.push(name);
      value(value, Types.field(shape, name));
      boolean bare = value == NullValue.NULL || value instanceof ObjectValue child && child.isEmpty();
      if (bare || !Types.declares(shape, name)) {
        path.recordIn(out);
      }
      path.pop();
    }
  }

  private void list(ListValue items, ListOf list) {
    var steps = new PathElement[items.size()];
    var seen = HashMap.<PathElement, Boolean>newHashMap(items.size());
    var duplicates = new HashSet<PathElement>();
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Types.step(list, items.get(i));
      if (seen.put(steps[i], true) != null) {
        duplicates.add(steps[i]);
      }
    }
    for (int i = 0; i < steps.length; i++) {
      path.push(steps[i]);
      // Items that share an identity are owned together, without their fields.
      if (!duplicates.contains(steps[i])) {
        value(items.get(i), list.item());
      }
      path.recordIn(out);
      path.pop();
    }
  }
}
