package io.thyra.admission;

import static io.thyra.admission.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Service accounts, priorities, tolerations, runtime classes and topology labels.
class PodShapingTest {
  private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String pod(String spec) {
    return "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: c, image: i}]" + (spec.isEmpty() ? "" : ", " + spec) + "}}";
  }

  private ObjectValue spec(String spec) {
    return cluster.create("pods", pod(spec)).object("spec");
  }

  @Test
  void runsAsTheDefaultAccountWithItsToken() {
    ObjectValue spec = spec("");
    assertThat(spec.string("serviceAccountName")).isEqualTo("default");
    assertThat(spec.string("serviceAccount")).isEqualTo("default");
    ObjectValue volume = spec.list("volumes").object(0);
    assertThat(volume.string("name")).matches("kube-api-access-[a-z0-9]{5}");
    assertThat(volume.get("projected"))
        .isEqualTo(
            Cluster.json(
                "{\"sources\": [{\"serviceAccountToken\": {\"expirationSeconds\": 3607, \"path\": \"token\"}},"
                    + " {\"configMap\": {\"name\": \"kube-root-ca.crt\", \"items\": [{\"key\": \"ca.crt\", \"path\": \"ca.crt\"}]}},"
                    + " {\"downwardAPI\": {\"items\": [{\"path\": \"namespace\","
                    + " \"fieldRef\": {\"apiVersion\": \"v1\", \"fieldPath\": \"metadata.namespace\"}}]}}], \"defaultMode\": 420}"));
    ObjectValue mount = spec.list("containers").object(0).list("volumeMounts").object(0);
    assertThat(mount.string("mountPath")).isEqualTo(MOUNT);
    assertThat(mount.bool("readOnly")).isTrue();
    assertThat(mount.string("name")).isEqualTo(volume.string("name"));
  }

  @Test
  void printsWhatItAddsInTheOrderOfTheSchema() {
    assertThat(spec("").names())
        .containsSubsequence("volumes", "containers", "serviceAccountName", "serviceAccount", "tolerations", "priority");
  }

  @Test
  void addsNoVolumeThatNothingMounts() {
    ObjectValue spec =
        cluster
            .create(
                "pods",
                "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: c, image: i, volumeMounts: [{name: v, mountPath: "
                    + MOUNT
                    + "}]}]}}")
            .object("spec");
    assertThat(spec.has("volumes")).isFalse();
  }

  @Test
  void takesPullSecretsOfTheAccountOnlyWhereThePodNamesNone() {
    cluster.put(
        "serviceaccounts",
        "{metadata: {name: puller, namespace: ns}, imagePullSecrets: [{name: reg}], automountServiceAccountToken: false}");
    ObjectValue spec = spec("serviceAccountName: puller");
    assertThat(spec.list("imagePullSecrets")).isEqualTo(ListValue.of(ObjectValue.of("name", Value.of("reg"))));
    assertThat(spec.has("volumes")).isFalse();
    assertThat(spec("serviceAccountName: puller, imagePullSecrets: [{name: own}]").list("imagePullSecrets").object(0).string("name"))
        .isEqualTo("own");
  }

  @Test
  void waitsForADefaultAccountThatIsNotMadeYet() {
    cluster.put("namespaces", "{metadata: {name: fresh}, status: {phase: Active}}");
    String pod = "{metadata: {name: p, namespace: fresh}, spec: {containers: [{name: c, image: i}]}}";
    assertThat(cluster.refusedCreate("pods", pod))
        .isEqualTo("pods \"p\" is forbidden: error looking up service account fresh/default: serviceaccount \"default\" not found");
    assertThat(cluster.pauses).hasSize(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serviceAccountName: absent | error looking up service account ns/absent: serviceaccount "absent" not found
          priorityClassName: absent | no PriorityClass with name absent was found
          priority: 7 | the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from \
          the given PriorityClass name
          runtimeClassName: absent | pod rejected: RuntimeClass "absent" not found
          overhead: {cpu: 1} | pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead
          """)
  void refusesWhatItCannotResolve(String spec, String why) {
    assertThat(cluster.refusedCreate("pods", pod(spec))).isEqualTo("pods \"p\" is forbidden: " + why);
  }

  @Test
  void keepsToTheSecretsOfAStrictAccount() {
    cluster.put(
        "serviceaccounts",
        "{metadata: {name: strict, namespace: ns, annotations: {kubernetes.io/enforce-mountable-secrets: \"true\"}},"
            + " secrets: [{name: known}]}");
    assertThat(spec("serviceAccountName: strict, volumes: [{name: v, secret: {secretName: known}}]").list("volumes").size()).isEqualTo(2);
    assertThat(cluster.refusedCreate("pods", pod("serviceAccountName: strict, volumes: [{name: v, secret: {secretName: other}}]")))
        .endsWith("volume with secret.secretName=\"other\" is not allowed because service account strict does not reference that secret");
    assertThat(cluster.refusedCreate("pods", pod("serviceAccountName: strict, imagePullSecrets: [{name: x}]")))
        .endsWith("imagePullSecrets[0].name=\"x\" is not allowed because service account strict does not reference that imagePullSecret");
  }

  @Test
  void bearsNodesThatAreAwayForFiveMinutes() {
    assertThat(spec("").list("tolerations").objects())
        .extracting(t -> t.string("key"), t -> t.integer(0, "tolerationSeconds"))
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("node.kubernetes.io/not-ready", 300L),
            org.assertj.core.groups.Tuple.tuple("node.kubernetes.io/unreachable", 300L));
    assertThat(spec("tolerations: [{operator: Exists}]").list("tolerations").size()).isEqualTo(1);
  }

  @Test
  void takesTheNumberAndThePolicyOfItsPriorityClass() {
    cluster.put("priorityclasses", "{metadata: {name: high}, value: 9, preemptionPolicy: Never}");
    cluster.put("priorityclasses", "{metadata: {name: usual}, value: 3, globalDefault: true}");
    ObjectValue spec = spec("priorityClassName: high");
    assertThat(spec.integer(0, "priority")).isEqualTo(9);
    assertThat(spec.string("preemptionPolicy")).isEqualTo("Never");
    assertThat(spec("").string("priorityClassName")).isEqualTo("usual");
    assertThat(cluster.refusedCreate("priorityclasses", "{metadata: {name: two}, value: 4, globalDefault: true}"))
        .isEqualTo(
            "priorityclasses.scheduling.k8s.io \"two\" is forbidden: PriorityClass usual is already marked as default. Only one default"
                + " can exist");
  }

  @Test
  void anUpdateKeepsThePriorityThatItLeavesOut() {
    ObjectValue stored = cluster.create("pods", pod(""));
    ObjectValue sent = stored.withoutAt("spec", "priority").withoutAt("spec", "preemptionPolicy");
    assertThat(cluster.update("pods", "", sent, stored)).isEqualTo(stored);
  }

  @Test
  void takesOverheadSelectorAndTolerationsOfItsRuntimeClass() {
    cluster.put(
        "runtimeclasses",
        "{metadata: {name: kata}, handler: k, overhead: {podFixed: {cpu: 100m}},"
            + " scheduling: {nodeSelector: {a: b}, tolerations: [{key: k, operator: Exists}]}}");
    ObjectValue spec = spec("runtimeClassName: kata, nodeSelector: {c: d}");
    assertThat(spec.object("overhead").string("cpu")).isEqualTo("100m");
    assertThat(spec.object("nodeSelector").names()).containsExactly("a", "c");
    assertThat(spec.list("tolerations").objects()).anyMatch(t -> t.string("key").equals("k"));
    assertThat(cluster.refusedCreate("pods", pod("runtimeClassName: kata, nodeSelector: {a: x}")))
        .endsWith("conflict: runtimeClass.scheduling.nodeSelector[a] = b; pod.spec.nodeSelector[a] = x");
  }

  @Test
  void carriesZoneAndRegionOfItsNode() {
    cluster.put("nodes", "{metadata: {name: node1, labels: {topology.kubernetes.io/zone: z1, other: x}}}");
    ObjectValue pod = cluster.create("pods", pod("nodeName: node1"));
    assertThat(pod.object("metadata", "labels").strings()).containsExactly(java.util.Map.entry("topology.kubernetes.io/zone", "z1"));
  }

  @Test
  void newNodesTakeNoPodsBeforeTheyAreReady() {
    assertThat(cluster.create("nodes", "{metadata: {name: node1}}").list("spec", "taints").object(0).string("key"))
        .isEqualTo("node.kubernetes.io/not-ready");
  }

  @Test
  void mirrorPodsNameNoAccount() {
    String mirror =
        "{metadata: {name: p, namespace: ns, annotations: {kubernetes.io/config.mirror: x}}, spec: {serviceAccountName: default,"
            + " containers: [{name: c, image: i}]}}";
    assertThat(refusal(() -> cluster.create("pods", mirror)).getMessage())
        .endsWith("a mirror pod may not reference service accounts");
  }
}
