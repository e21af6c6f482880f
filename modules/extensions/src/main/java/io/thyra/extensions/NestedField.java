package io.thyra.extensions;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.machinery.GoPrint;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of an untyped object at a dotted path, with upstream's complaints.
/// Source: apimachinery pkg/apis/meta/v1/unstructured/helpers.go.
///
/// @param value what is there, null when nothing is
/// @param error why it cannot be reached, empty when nothing is in the way
record NestedField(@Nullable Value value, String path, String error) {
  static String[] steps(String path) {
    return (path.startsWith(".") ? path.substring(1) : path).split("\\.", -1);
  }

  static NestedField find(ObjectValue object, String path) {
    String[] steps = steps(path);
    Value value = object;
    for (int i = 0; i < steps.length; i++) {
      if (value.isNull()) {
        return new NestedField(null, path, "");
      }
      if (!(value instanceof ObjectValue parent)) {
        String where = "." + String.join(".", Arrays.copyOf(steps, i + 1));
        return new NestedField(null, where, complaint(where, value, "map[string]interface{}"));
      }
      Value child = parent.get(steps[i]);
      if (child == null) {
        return new NestedField(null, path, "");
      }
      value = child;
    }
    return new NestedField(value, "." + String.join(".", List.of(steps)), "");
  }

  String wrongType(String wanted) {
    return complaint(path, value == null ? NullValue.NULL : value, wanted);
  }

  private static String complaint(String path, Value value, String wanted) {
    String is =
        switch (value) {
          case StringValue _ -> "string";
          case IntegerValue _ -> "int64";
          case DecimalValue _ -> "float64";
          case BooleanValue _ -> "bool";
          case ListValue _ -> "[]interface {}";
          case ObjectValue _ -> "map[string]interface {}";
          case NullValue _ -> "<nil>";
        };
    return path + " accessor error: " + (value.isNull() ? "<nil>" : GoPrint.value(value)) + " is of the type " + is + ", expected " + wanted;
  }
}
