package io.thyra.machinery.apply;

import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.ListOf;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;

/// Takes fields and items out of an object, or everything else. An object or list that loses all it has becomes null,
/// as upstream leaves it. Source: structured-merge-diff typed/remove.go.
final class Removal {
  private Removal() {}

  /// The object without the fields of a set; the same instance when it has none of them.
  static ObjectValue without(ObjectValue object, FieldSet fields, Struct type) {
    return without((Value) object, fields, type) instanceof ObjectValue rest ? rest : ObjectValue.EMPTY;
  }

  private static Value without(Value value, FieldSet fields, Shape shape) {
    return switch (Types.form(shape, value)) {
      case SCALAR -> value;
      case LIST ->
          !(value instanceof ListValue items) || items.isEmpty() || Types.isAtomicList(shape)
              ? NullValue.NULL
              : listWithout(items, fields, (ListOf) shape);
      case OBJECT ->
          !(value instanceof ObjectValue object) || object.isEmpty() || Types.isAtomicObject(shape)
              ? NullValue.NULL
              : objectWithout(object, fields, shape);
    };
  }

  private static Value listWithout(ListValue items, FieldSet fields, ListOf list) {
    var rest = new ArrayList<Value>(items.size());
    boolean changed = false;
    for (Value item : items) {
      PathElement step = Types.step(list, item);
      if (fields.hasMember(step)) {
        changed = true;
        continue;
      }
      FieldSet below = fields.below(step);
      Value left = below.isEmpty() ? item : without(item, below, list.item());
      changed |= left != item;
      rest.add(left);
    }
    return !changed ? items : rest.isEmpty() ? NullValue.NULL : new ListValue(rest);
  }

  private static Value objectWithout(ObjectValue object, FieldSet fields, Shape shape) {
    ObjectValue.Builder rest = ObjectValue.builder(object.size());
    boolean changed = false;
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      PathElement step = PathElement.name(name);
      if (fields.hasMember(step)) {
        changed = true;
        continue;
      }
      Value value = object.valueAt(i);
      FieldSet below = fields.below(step);
      Value left = below.isEmpty() ? value : without(value, below, Types.field(shape, name));
      changed |= left != value;
      rest.put(name, left);
    }
    return !changed ? object : rest.size() == 0 ? NullValue.NULL : rest.build();
  }

  /// Only the fields of a set, with the objects and items on the way to them.
  static ObjectValue only(ObjectValue object, FieldSet fields, Struct type) {
    return only((Value) object, fields, type) instanceof ObjectValue rest ? rest : ObjectValue.EMPTY;
  }

  private static Value only(Value value, FieldSet fields, Shape shape) {
    return switch (Types.form(shape, value)) {
      case SCALAR -> value;
      case LIST -> {
        if (!(value instanceof ListValue items)) {
          yield NullValue.NULL;
        }
        yield items.isEmpty() || Types.isAtomicList(shape) ? items : listOnly(items, fields, (ListOf) shape);
      }
      case OBJECT -> {
        if (!(value instanceof ObjectValue object)) {
          yield NullValue.NULL;
        }
        yield object.isEmpty() || Types.isAtomicObject(shape) ? object : objectOnly(object, fields, shape);
      }
    };
  }

  private static Value listOnly(ListValue items, FieldSet fields, ListOf list) {
    var rest = new ArrayList<Value>();
    for (Value item : items) {
      PathElement step = Types.step(list, item);
      FieldSet below = fields.below(step);
      if (!below.isEmpty()) {
        rest.add(only(item, below, list.item()));
      } else if (fields.hasMember(step)) {
        rest.add(item);
      }
    }
    return rest.isEmpty() ? NullValue.NULL : new ListValue(rest);
  }

  private static Value objectOnly(ObjectValue object, FieldSet fields, Shape shape) {
    ObjectValue.Builder rest = ObjectValue.builder();
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      PathElement step = PathElement.name(name);
      FieldSet below = fields.below(step);
      // Upstream descends into a member with the whole set instead of the part below it, so members come out bare.
      if (fields.hasMember(step)) {
        rest.put(name, only(object.valueAt(i), fields, Types.field(shape, name)));
      } else if (!below.isEmpty()) {
        rest.put(name, only(object.valueAt(i), below, Types.field(shape, name)));
      }
    }
    return rest.size() == 0 ? NullValue.NULL : rest.build();
  }
}
