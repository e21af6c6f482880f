package io.thyra.groups.core;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.util.List;

/// Label keys whose values a new pod takes from its own labels into the selectors of its terms.
/// Source: pkg/registry/core/pod/strategy.go.
final class PodLabels {
  private static final List<String> TERMS =
      List.of("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution");

  private PodLabels() {}

  static ObjectValue select(ObjectValue pod) {
    ObjectValue labels = pod.object("metadata", "labels");
    ObjectValue spec = pod.object("spec");
    ObjectValue changed =
        spec.change(
                "affinity",
                affinity ->
                    affinity
                        .change("podAffinity", pods -> terms(pods, labels))
                        .change("podAntiAffinity", pods -> terms(pods, labels)))
            .changeList("topologySpreadConstraints", all -> all.mapObjects(c -> select(c, labels)));
    return changed == spec ? pod : pod.with("spec", changed);
  }

  private static ObjectValue terms(ObjectValue pods, ObjectValue labels) {
    return pods.changeList(TERMS.getFirst(), all -> all.mapObjects(t -> select(t, labels)))
        .changeList(TERMS.getLast(), all -> all.mapObjects(t -> t.change("podAffinityTerm", term -> select(term, labels))));
  }

  private static ObjectValue select(ObjectValue term, ObjectValue labels) {
    if (!(term.get("labelSelector") instanceof ObjectValue selector)) {
      return term;
    }
    ListValue expressions = selector.list("matchExpressions");
    expressions = more(expressions, term.list("matchLabelKeys"), "In", labels);
    expressions = more(expressions, term.list("mismatchLabelKeys"), "NotIn", labels);
    return expressions.equals(selector.list("matchExpressions"))
        ? term
        : term.with("labelSelector", selector.with("matchExpressions", expressions));
  }

  private static ListValue more(ListValue expressions, ListValue keys, String operator, ObjectValue labels) {
    ListValue all = expressions;
    for (String key : keys.strings()) {
      if (labels.has(key)) {
        all =
            all.plus(
                ObjectValue.builder()
                    .put("key", key)
                    .put("operator", operator)
                    .put("values", ListValue.of(new StringValue(labels.string(key))))
                    .build());
      }
    }
    return all;
  }
}
