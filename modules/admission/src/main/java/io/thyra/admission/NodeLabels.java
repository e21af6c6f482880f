package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The labels of nodes that a kubelet may not choose, since they steer pods.
/// Source: kubernetes plugin/pkg/admission/noderestriction/admission.go, kubelet pkg/apis/well_known_labels.go.
final class NodeLabels {
  private static final Set<String> KUBELET =
      Set.of(
          "kubernetes.io/hostname",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch");
  private static final List<String> KUBELET_NAMESPACES = List.of("kubelet.kubernetes.io", "node.kubernetes.io");
  private static final List<String> KUBERNETES_NAMESPACES = List.of("kubernetes.io", "k8s.io");
  private static final List<String> RESTRICTED_NAMESPACES = List.of("node-restriction.kubernetes.io");

  private NodeLabels() {}

  /// The labels, sorted, that differ between two states of a node and are not the node's to change.
  static Set<String> forbiddenChanges(ObjectValue node, ObjectValue old) {
    Map<String, String> now = node.object("metadata", "labels").strings();
    Map<String, String> before = old.object("metadata", "labels").strings();
    var changed = new TreeSet<>(now.keySet());
    changed.addAll(before.keySet());
    changed.removeIf(label -> now.containsKey(label) && now.get(label).equals(before.get(label)) || !isForbidden(label));
    return changed;
  }

  private static boolean isForbidden(String label) {
    return isBelow(label, RESTRICTED_NAMESPACES)
        || isBelow(label, KUBERNETES_NAMESPACES) && !KUBELET.contains(label) && !isBelow(label, KUBELET_NAMESPACES);
  }

  private static boolean isBelow(String label, List<String> namespaces) {
    int slash = label.indexOf('/');
    String namespace = slash < 0 ? "" : label.substring(0, slash);
    return namespaces.stream().anyMatch(each -> namespace.equals(each) || namespace.endsWith("." + each));
  }
}
