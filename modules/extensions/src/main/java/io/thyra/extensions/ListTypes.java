package io.thyra.extensions;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the items of lists of type set and map are distinct. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/listtype/validation.go.
final class ListTypes {
  private ListTypes() {}

  static List<FieldError> validate(ObjectValue object, StructuralSchema schema) {
    var errors = new ArrayList<FieldError>();
    object(object, schema, null, errors);
    return errors;
  }

  private static void value(Value value, StructuralSchema schema, FieldPath path, List<FieldError> errors) {
    switch (value) {
      case ListValue list -> list(list, schema, path, errors);
      case ObjectValue object -> object(object, schema, path, errors);
      default -> {}
    }
  }

  private static void object(ObjectValue object, StructuralSchema schema, @Nullable FieldPath path, List<FieldError> errors) {
    object.forEach(
        (name, value) -> {
          StructuralSchema declared = schema.properties.get(name);
          if (schema.additional != null && path != null) {
            value(value, schema.additional, path.key(name), errors);
          }
          if (declared != null) {
            value(value, declared, FieldPath.child(path, name), errors);
          }
        });
  }

  private static void list(ListValue list, StructuralSchema schema, FieldPath path, List<FieldError> errors) {
    if ("set".equals(schema.listType)) {
      for (int i : repeated(list.items())) {
        errors.add(FieldError.duplicatePrinted(path.index(i), GoText.of(Printed.sorted(list.get(i)))));
      }
    } else if ("map".equals(schema.listType)) {
      map(list, schema, path, errors);
    }
    if (schema.items != null) {
      for (int i = 0; i < list.size(); i++) {
        value(list.get(i), schema.items, path.index(i), errors);
      }
    }
  }

  private static void map(ListValue list, StructuralSchema schema, FieldPath path, List<FieldError> errors) {
    for (int i = 0; i < list.size(); i++) {
      Value item = list.get(i);
      if (!item.isNull() && !(item instanceof ObjectValue)) {
        errors.add(
            FieldError.invalid(path.index(i), Printed.sorted(item), "must be an object for an array of list-type map"));
        return;
      }
    }
    var keys = new ArrayList<Value>(list.size());
    for (int i = 0; i < list.size(); i++) {
      keys.add(key(list.object(i), schema.listMapKeys));
    }
    for (int i : repeated(keys)) {
      errors.add(FieldError.duplicatePrinted(path.index(i), GoText.of(Printed.sorted(keys.get(i)))));
    }
  }

  /// The fields of an item that identify it.
  static ObjectValue key(ObjectValue item, List<String> names) {
    var key = ObjectValue.builder(names.size());
    for (String name : names) {
      Value value = item.get(name);
      if (value != null) {
        key.put(name, value);
      }
    }
    return key.build();
  }

  /// The places of the second occurrence of each value that occurs more than once.
  private static List<Integer> repeated(List<? extends Value> values) {
    var seen = new HashMap<Value, Integer>();
    var places = new ArrayList<Integer>();
    for (int i = 0; i < values.size(); i++) {
      if (seen.merge(values.get(i), 1, Integer::sum) == 2) {
        places.add(i);
      }
    }
    return places;
  }
}
