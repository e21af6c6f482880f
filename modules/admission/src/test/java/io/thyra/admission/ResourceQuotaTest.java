package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceQuotaTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private void quota(String name, String hard, String used, String scopes) {
    cluster.put(
        "resourcequotas",
        "{metadata: {name: " + name + ", namespace: ns}, spec: {hard: " + hard + scopes + "}, status: {hard: " + hard + ", used: " + used
            + "}}");
  }

  private Map<String, String> used(String name) {
    return cluster.find("resourcequotas", name).object("status", "used").strings();
  }

  private static String pod(String name, String resources, String more) {
    return "{metadata: {name: " + name + ", namespace: ns}, spec: {" + more + "containers: [{name: c, image: i, resources: " + resources
        + "}]}}";
  }

  @Test
  void countsObjectsUntilThereIsNoRoom() {
    quota("q", "{configmaps: 2, count/configmaps: 9}", "{configmaps: 0, count/configmaps: 0}", "");
    cluster.create("configmaps", "{metadata: {name: a, namespace: ns}}");
    cluster.create("configmaps", "{metadata: {name: b, namespace: ns}}");
    assertThat(cluster.refusedCreate("configmaps", "{metadata: {name: c, namespace: ns}}"))
        .isEqualTo("configmaps \"c\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2");
    assertThat(used("q")).containsEntry("configmaps", "2").containsEntry("count/configmaps", "2");
  }

  @Test
  void refusesBeforeItKnowsWhatIsUsed() {
    quota("q", "{configmaps: 2}", "{}", "");
    assertThat(cluster.refusedCreate("configmaps", "{metadata: {name: c, namespace: ns}}"))
        .endsWith("status unknown for quota: q, resources: configmaps");
  }

  @Test
  void demandsThatContainersSayWhatIsLimited() {
    quota("q", "{requests.cpu: 1, limits.memory: 1Gi}", "{requests.cpu: 0, limits.memory: 0}", "");
    assertThat(cluster.refusedCreate("pods", pod("p", "{}", "")))
        .isEqualTo("pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c");
    cluster.create("pods", pod("p", "{requests: {cpu: 600m}, limits: {memory: 1Mi}}", ""));
    assertThat(cluster.refusedCreate("pods", pod("r", "{requests: {cpu: 600m}, limits: {memory: 1Mi}}", "")))
        .endsWith("exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1");
  }

  @Test
  void countsPodsInTheirScopesAlone() {
    quota("best", "{pods: 0}", "{pods: 0}", ", scopes: [BestEffort]");
    quota("ends", "{pods: 0}", "{pods: 0}", ", scopes: [Terminating]");
    quota(
        "high",
        "{pods: 0}",
        "{pods: 0}",
        ", scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [high]}]}");
    cluster.put("priorityclasses", "{metadata: {name: high}, value: 9}");
    assertThat(cluster.refusedCreate("pods", pod("p", "{}", ""))).contains("exceeded quota: best");
    String some = "{requests: {cpu: 1m}}";
    assertThat(cluster.refusedCreate("pods", pod("p", some, "activeDeadlineSeconds: 5, "))).contains("exceeded quota: ends");
    assertThat(cluster.refusedCreate("pods", pod("p", some, "priorityClassName: high, "))).contains("exceeded quota: high");
    assertThat(cluster.create("pods", pod("p", some, ""))).isNotNull();
  }

  @Test
  void countsNodePortsAndLoadBalancers() {
    quota(
        "q",
        "{services: 5, services.nodeports: 2, services.loadbalancers: 0}",
        "{services: 0, services.nodeports: 0, services.loadbalancers: 0}",
        "");
    ObjectValue plain = cluster.create("services", "{metadata: {name: s, namespace: ns}, spec: {type: ClusterIP, ports: [{port: 1}]}}");
    ObjectValue old = Metadata.with(plain, "resourceVersion", "1");
    cluster.update("services", "", plain.withAt(io.thyra.model.Value.of("NodePort"), "spec", "type"), old);
    assertThat(used("q")).containsEntry("services", "1").containsEntry("services.nodeports", "1");
    assertThat(cluster.refusedCreate("services", "{metadata: {name: l, namespace: ns}, spec: {type: LoadBalancer, ports: [{port: 1}]}}"))
        .contains("requested: services.loadbalancers=1");
  }

  @Test
  void countsStorageByClass() {
    quota(
        "q",
        "{requests.storage: 5Gi, gold.storageclass.storage.k8s.io/requests.storage: 1Gi}",
        "{requests.storage: 0, gold.storageclass.storage.k8s.io/requests.storage: 0}",
        "");
    cluster.create(
        "persistentvolumeclaims",
        "{metadata: {name: a, namespace: ns}, spec: {storageClassName: s, resources: {requests: {storage: 3Gi}}}}");
    assertThat(used("q")).containsEntry("requests.storage", "3Gi");
    assertThat(
            cluster.refusedCreate(
                "persistentvolumeclaims",
                "{metadata: {name: g, namespace: ns}, spec: {storageClassName: gold, resources: {requests: {storage: 2Gi}}}}"))
        .contains("requested: gold.storageclass.storage.k8s.io/requests.storage=2Gi");
  }

  @Test
  void countsDevicesByClass() {
    quota("q", "{gpu.deviceclass.resource.k8s.io/devices: 3}", "{gpu.deviceclass.resource.k8s.io/devices: 0}", "");
    String claim =
        "{metadata: {name: c, namespace: ns}, spec: {devices: {requests: [{name: r,"
            + " exactly: {deviceClassName: gpu, allocationMode: ExactCount, count: 2}}]}}}";
    cluster.create("resourceclaims", claim);
    assertThat(used("q")).containsEntry("gpu.deviceclass.resource.k8s.io/devices", "2");
    assertThat(cluster.refusedCreate("resourceclaims", claim)).contains("exceeded quota: q");
  }
}
