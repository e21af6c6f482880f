package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitRangerTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String pod(String resources) {
    return "{metadata: {name: p, namespace: ns}, spec: {automountServiceAccountToken: false, containers: [{name: c, image: i, resources: "
        + resources
        + "}]}}";
  }

  @Test
  void fillsInWhatAContainerLeavesOutAndSaysSo() {
    cluster.put(
        "limitranges",
        "{metadata: {name: lr, namespace: ns}, spec: {limits: [{type: Container, default: {cpu: 200m, memory: 64Mi},"
            + " defaultRequest: {cpu: 100m}}]}}");
    ObjectValue pod = cluster.create("pods", pod("{requests: {cpu: 150m}}"));
    assertThat(pod.list("spec", "containers").object(0).object("resources"))
        .isEqualTo(Cluster.json("{\"requests\": {\"cpu\": \"150m\"}, \"limits\": {\"cpu\": \"200m\", \"memory\": \"64Mi\"}}"));
    assertThat(pod.object("metadata", "annotations").string("kubernetes.io/limit-ranger"))
        .isEqualTo("LimitRanger plugin set: cpu, memory limit for container c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | [minimum cpu usage per Container is 50m.  No request is specified, maximum cpu usage per Container is 1.  No limit is \
          specified, cpu max limit to request ratio per Container is 4, but no request is specified or request is 0]
          {requests: {cpu: 10m}, limits: {cpu: 40m}} | [minimum cpu usage per Container is 50m, but request is 10m]
          {requests: {cpu: 500m}, limits: {cpu: 2}} | [maximum cpu usage per Container is 1, but limit is 2]
          {requests: {cpu: 100m}, limits: {cpu: 450m}} | [cpu max limit to request ratio per Container is 4, but provided ratio is 4.500000]
          """)
  void holdsContainersToTheirLimits(String resources, String why) {
    cluster.put(
        "limitranges",
        "{metadata: {name: lr, namespace: ns}, spec: {limits: [{type: Container, min: {cpu: 50m}, max: {cpu: 1},"
            + " maxLimitRequestRatio: {cpu: 4}}]}}");
    String told = why.contains(", ") && why.contains("No limit") ? why : why.substring(1, why.length() - 1);
    assertThat(cluster.refusedCreate("pods", pod(resources))).isEqualTo("pods \"p\" is forbidden: " + told);
  }

  @Test
  void addsUpContainersAndTakesTheLargestOfThoseThatStartFirst() {
    cluster.put("limitranges", "{metadata: {name: lr, namespace: ns}, spec: {limits: [{type: Pod, max: {cpu: 1}}]}}");
    String limits = "resources: {requests: {cpu: 600m}, limits: {cpu: 600m}}";
    String two =
        "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: a, image: i, " + limits + "},"
            + " {name: b, image: i, " + limits + "}]}}";
    assertThat(cluster.refusedCreate("pods", two)).endsWith("maximum cpu usage per Pod is 1, but limit is 1200m");
    String first =
        "{metadata: {name: p, namespace: ns}, spec: {initContainers: [{name: a, image: i, " + limits + "}],"
            + " containers: [{name: b, image: i, "
            + limits + "}]}}";
    assertThat(cluster.create("pods", first)).isNotNull();
  }

  @Test
  void holdsClaimsToTheirLimits() {
    cluster.put(
        "limitranges",
        "{metadata: {name: lr, namespace: ns}, spec: {limits: [{type: PersistentVolumeClaim,"
            + " min: {storage: 1Gi}, max: {storage: 10Gi}}]}}");
    assertThat(
            cluster.refusedCreate(
                "persistentvolumeclaims", "{metadata: {name: c, namespace: ns}, spec: {resources: {requests: {storage: 11Gi}}}}"))
        .isEqualTo(
            "persistentvolumeclaims \"c\" is forbidden: maximum storage usage per PersistentVolumeClaim is 10Gi, but request is 11Gi");
  }
}
