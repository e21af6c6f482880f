package io.thyra.groups;

import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Labels of nodes that were given up for others. Source: pkg/api/node/util.go.
public final class NodeLabels {
  private static final Map<String, String> DEPRECATED =
      Map.of(
          "beta.kubernetes.io/arch", "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
          "beta.kubernetes.io/os", "deprecated since v1.14; use \"kubernetes.io/os\" instead",
          "failure-domain.beta.kubernetes.io/region", "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
          "failure-domain.beta.kubernetes.io/zone", "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
          "beta.kubernetes.io/instance-type", "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
          "app.kubernetes.io/created-by", "deprecated since v1.9",
          "scheduler.alpha.kubernetes.io/preferAvoidPods", "deprecated since v1.22; use Taints and Tolerations instead",
          "node-role.kubernetes.io/master", "use \"node-role.kubernetes.io/control-plane\" instead");

  private static final Map<String, String> SUCCESSORS =
      Map.of(
          "failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region",
          "beta.kubernetes.io/os", "kubernetes.io/os",
          "beta.kubernetes.io/arch", "kubernetes.io/arch",
          "beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type");

  private NodeLabels() {}

  /// The label that followed one in beta; empty for any other.
  public static String successor(String label) {
    return SUCCESSORS.getOrDefault(label, "");
  }

  /// What to say about a label, empty when it is fine.
  public static Optional<String> findDeprecation(String label) {
    return Optional.ofNullable(DEPRECATED.get(label));
  }

  /// The warnings about a label selector for nodes.
  public static List<String> selectorWarnings(ObjectValue selector, FieldPath path) {
    var warnings = new ArrayList<String>();
    List<ObjectValue> expressions = selector.list("matchExpressions").objects();
    for (int i = 0; i < expressions.size(); i++) {
      String key = expressions.get(i).string("key");
      FieldPath at = path.child("matchExpressions").index(i).child("key");
      findDeprecation(key).ifPresent(text -> warnings.add(at + ": " + key + " is " + text));
    }
    for (String label : selector.object("matchLabels").names()) {
      findDeprecation(label).ifPresent(text -> warnings.add(path.child("matchLabels", label) + ": " + text));
    }
    return warnings;
  }
}
