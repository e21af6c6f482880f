package io.thyra.machinery.apply;

import io.thyra.model.BooleanValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Anything;
import io.thyra.schema.ListOf;
import io.thyra.schema.MapOf;
import io.thyra.schema.Scalar;
import io.thyra.schema.Shape;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Checks that an object fits its type well enough to be merged: values of the declared kinds, no undeclared fields,
/// items with identities. One walk, owned by its thread. Source: structured-merge-diff typed/validate.go.
final class Validation {
  // Types with this prefix are declared apart from a custom resource, whose openness they do not share.
  private static final String BUILTIN_TYPES = "io.k8s.";

  private final boolean allowDuplicates;
  private final List<String> errors = new ArrayList<>();
  // From the root down: names of fields, and for items their list followed by the item or its position. Steps are made
  // of them only for a message.
  private final List<Object> path = new ArrayList<>();

  private Validation(boolean allowDuplicates) {
    this.allowDuplicates = allowDuplicates;
  }

  /// @throws TypedException with upstream's message when the object does not fit
  static void check(ObjectValue object, Struct type, boolean allowDuplicates) {
    var walk = new Validation(allowDuplicates);
    walk.value(object, type, false);
    if (!walk.errors.isEmpty()) {
      throw new TypedException(
          walk.errors.size() == 1 ? walk.errors.getFirst() : "errors:\n  " + String.join("\n  ", walk.errors));
    }
  }

  private void value(Value value, Shape shape, boolean open) {
    if (shape == Types.RAW) {
      return;
    }
    switch (shape) {
      case Scalar scalar -> scalar(value, scalar);
      case ListOf list -> list(value, list, open);
      case Struct struct -> {
        boolean inherited = open && !struct.name().startsWith(BUILTIN_TYPES);
        object(value, struct, inherited || struct.preserveUnknown() || struct.fields().isEmpty());
      }
      case MapOf map -> object(value, map, open);
      case Anything _ -> {
        // Fits everything.
      }
    }
  }

  private void object(Value value, Shape shape, boolean open) {
    if (value == NullValue.NULL) {
      return;
    }
    if (!(value instanceof ObjectValue object)) {
      fail("expected map, got &{" + Values.plain(value) + "}");
      return;
    }
    for (int i = 0; i < object.size(); i++) {
      String name = object.nameAt(i);
      path.addLast(name);
      boolean declared = !(shape instanceof Struct) || open || Types.declares(shape, name);
      if (declared) {
        value(object.valueAt(i), Types.field(shape, name), open);
      } else {
        fail("field not declared in schema");
      }
      path.removeLast();
      if (!declared) {
        // Upstream leaves the object at its first unknown field.
        return;
      }
    }
  }

  private void list(Value value, ListOf list, boolean open) {
    if (value == NullValue.NULL) {
      return;
    }
    if (!(value instanceof ListValue items)) {
      fail("expected list, got &{" + Values.plain(value) + "}");
      return;
    }
    boolean associative = list.type() != ListOf.Type.ATOMIC;
    var seen = associative && !allowDuplicates ? new HashSet<PathElement>() : null;
    path.addLast(list);
    for (int i = 0; i < items.size(); i++) {
      Value item = items.get(i);
      if (associative && !Types.identifies(list, item)) {
        path.removeLast();
        fail("element " + i + ": " + Types.unidentified(list, item));
        return;
      }
      if (seen != null && !seen.add(Types.step(list, item))) {
        path.removeLast();
        fail("duplicate entries for key " + Types.step(list, item));
        path.addLast(list);
      }
      path.addLast(associative ? item : (Object) i);
      value(item, list.item(), open);
      path.removeLast();
    }
    path.removeLast();
  }

  private void scalar(Value value, Scalar scalar) {
    if (value == NullValue.NULL) {
      return;
    }
    switch (scalar) {
      case INT32, INT64, DOUBLE -> {
        if (!(value instanceof NumberValue)) {
          fail("expected numeric (int or float), got " + Values.goType(value));
        }
      }
      case STRING, BYTES, DURATION -> {
        if (!(value instanceof StringValue)) {
          fail("expected string, got &value.valueUnstructured{Value:" + Values.syntax(value) + "}");
        }
      }
      case BOOLEAN -> {
        if (!(value instanceof BooleanValue)) {
          fail("expected boolean, got &{" + Values.plain(value) + "}");
        }
      }
      case QUANTITY, INT_OR_STRING -> {
        // Their OpenAPI says no type but one of several, which upstream takes for any.
      }
      case TIME, MICRO_TIME -> {
        if (value instanceof ObjectValue || value instanceof ListValue) {
          fail("expected any scalar, got &{" + Values.plain(value) + "}");
        }
      }
    }
  }

  private void fail(String message) {
    var where = new StringBuilder();
    for (int i = 0; i < path.size(); i++) {
      switch (path.get(i)) {
        case String name -> where.append('.').append(name);
        case ListOf list -> {
          Object step = path.get(++i);
          where.append(step instanceof Value item ? Types.step(list, item) : "[" + step + "]");
        }
        default -> throw new IllegalStateException();
      }
    }
    errors.add(where.isEmpty() ? message : where + ": " + message);
  }
}
