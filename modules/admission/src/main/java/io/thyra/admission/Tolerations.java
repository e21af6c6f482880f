package io.thyra.admission;

import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;

/// Lists of tolerations put together. Source: kubernetes pkg/util/tolerations.
final class Tolerations {
  private Tolerations() {}

  /// Both lists without those that another one covers.
  static ListValue merge(ListValue first, ListValue second) {
    var all = new ArrayList<>(first.objects());
    all.addAll(second.objects());
    var merged = new ArrayList<ObjectValue>();
    for (int i = 0; i < all.size(); i++) {
      ObjectValue toleration = all.get(i);
      boolean covered =
          merged.stream().anyMatch(m -> covers(m, toleration))
              || all.subList(i + 1, all.size()).stream().anyMatch(t -> !t.equals(toleration) && covers(t, toleration));
      if (!covered) {
        merged.add(toleration);
      }
    }
    return new ListValue(List.<Value>copyOf(merged));
  }

  /// Whether each toleration stands under one that is allowed; an empty list allows all.
  static boolean allAllowed(List<ObjectValue> tolerations, List<ObjectValue> allowed) {
    return allowed.isEmpty() || tolerations.stream().allMatch(t -> allowed.stream().anyMatch(a -> covers(a, t)));
  }

  /// Whether the first tolerates all that the second does.
  static boolean covers(ObjectValue wide, ObjectValue narrow) {
    if (wide.equals(narrow)) {
      return true;
    }
    String operator = wide.string("operator");
    boolean everyKey = wide.string("key").isEmpty() && operator.equals("Exists");
    if (!narrow.string("key").equals(wide.string("key")) && !everyKey) {
      return false;
    }
    String effect = wide.string("effect");
    if (!effect.isEmpty() && !narrow.string("effect").equals(effect)) {
      return false;
    }
    if (effect.equals("NoExecute") && wide.get("tolerationSeconds") instanceof IntegerValue(long seconds)) {
      boolean within = narrow.get("tolerationSeconds") instanceof IntegerValue(long asked) && asked <= seconds;
      if (!within) {
        return false;
      }
    }
    return switch (operator) {
      case "Equal", "" -> narrow.string("operator").equals("Equal") && narrow.string("value").equals(wide.string("value"));
      case "Exists" -> true;
      default -> false;
    };
  }
}
