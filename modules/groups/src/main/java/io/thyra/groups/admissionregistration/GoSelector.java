package io.thyra.groups.admissionregistration;

import io.thyra.model.ObjectValue;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A label selector as the generated String method of its Go struct prints it.
final class GoSelector {
  private GoSelector() {}

  static String print(ObjectValue selector) {
    String labels =
        new TreeMap<>(selector.object("matchLabels").strings())
            .entrySet().stream().map(e -> e.getKey() + ": " + e.getValue() + ",").collect(Collectors.joining());
    String expressions =
        selector.list("matchExpressions").objects().stream()
            .map(
                e ->
                    "LabelSelectorRequirement{Key:"
                        + e.string("key")
                        + ",Operator:"
                        + e.string("operator")
                        + ",Values:["
                        + String.join(" ", e.list("values").strings())
                        + "],},")
            .collect(Collectors.joining());
    return "&LabelSelector{MatchLabels:map[string]string{" + labels + "},MatchExpressions:[]LabelSelectorRequirement{" + expressions + "},}";
  }
}
