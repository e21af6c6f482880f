package io.thyra.admission;

import static io.thyra.admission.Cluster.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.UserInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRestrictionTest {
  private static Cluster nodes() {
    Cluster cluster = Cluster.with("NodeRestriction");
    cluster.user = new UserInfo("system:node:n1", "", List.of("system:nodes"));
    return cluster;
  }

  @Test
  void letsOthersDoAsTheyLike() {
    try (Cluster cluster = Cluster.with("NodeRestriction")) {
      assertThat(cluster.create("nodes", "{metadata: {name: n2, labels: {kubernetes.io/odd: x}}}").string("metadata", "name")).isEqualTo("n2");
    }
  }

  @Test
  void keepsANodeToItself() {
    try (Cluster cluster = nodes()) {
      assertThat(cluster.refusedCreate("nodes", "{metadata: {name: n2}}"))
          .isEqualTo("nodes \"n2\" is forbidden: node \"n1\" is not allowed to modify node \"n2\"");
    }
  }

  @Test
  void keepsLabelsThatSteerPodsFromNodes() {
    try (Cluster cluster = nodes()) {
      cluster.create("nodes", "{metadata: {name: n1, labels: {kubernetes.io/arch: amd64, node.kubernetes.io/x: z, free: 'yes'}}}");
      assertThat(cluster.refusedCreate("nodes", "{metadata: {name: n1, labels: {kubernetes.io/odd: '', a.k8s.io/b: x}}}"))
          .endsWith("node \"n1\" is not allowed to set the following labels: a.k8s.io/b, kubernetes.io/odd");
      var old = object("nodes", "{metadata: {name: n1}}");
      var changed = object("nodes", "{metadata: {name: n1, labels: {x.node-restriction.kubernetes.io/a: b}}}");
      assertThat(Cluster.refusal(() -> cluster.update("nodes", "", changed, old)).getMessage())
          .endsWith("is not allowed to modify labels: x.node-restriction.kubernetes.io/a");
    }
  }

  @Test
  void takesMirrorPodsThatNameNothing() {
    try (Cluster cluster = nodes()) {
      String uid = cluster.put("nodes", "{metadata: {name: n1}}").string("metadata", "uid");
      String pod =
          "{metadata: {name: m, namespace: ns, annotations: {kubernetes.io/config.mirror: x}, ownerReferences: [{apiVersion: v1, kind: Node,"
              + " name: n1, uid: %s, controller: true}]}, spec: {nodeName: n1, containers: [{name: c, image: i}]%s}}";
      cluster.create("pods", pod.formatted(uid, ""));
      assertThat(cluster.refusedCreate("pods", pod.formatted("other", ""))).endsWith("node n1 UID mismatch: expected other got " + uid);
      assertThat(cluster.refusedCreate("pods", pod.formatted(uid, ", volumes: [{name: v, csi: {driver: d}}]")))
          .endsWith("node \"n1\" can not create pods that reference csidrivers (via CSI volumes)");
      assertThat(cluster.refusedCreate("pods", "{metadata: {name: p}, spec: {nodeName: n1, containers: [{name: c, image: i}]}}"))
          .endsWith("pod does not have \"kubernetes.io/config.mirror\" annotation, node \"n1\" can only create mirror pods");
    }
  }

  @Test
  void letsStatusBeWrittenForOwnPodsAlone() {
    try (Cluster cluster = nodes()) {
      var own = object("pods", "{metadata: {name: p, namespace: ns}, spec: {nodeName: n1}}");
      var other = object("pods", "{metadata: {name: p, namespace: ns}, spec: {nodeName: n2}}");
      cluster.update("pods", "status", own.withAt(io.thyra.model.Value.of("Running"), "status", "phase"), own);
      assertThat(Cluster.refusal(() -> cluster.update("pods", "status", other, other)).getMessage())
          .endsWith("node \"n1\" can only update pod status for pods with spec.nodeName set to itself");
      assertThat(Cluster.refusal(() -> cluster.update("pods", "", own, own)).getMessage())
          .endsWith("unexpected operation \"UPDATE\", node \"n1\" can only create and delete mirror pods");
    }
  }
}
