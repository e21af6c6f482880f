package io.thyra.admission;

import static io.thyra.admission.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.Authorizer.Decision;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.model.Value;
import io.thyra.registry.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Storage, ingresses, certificates, and the plugins that are off by default.
class OtherPluginsTest {
  private static final String POD = "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: c, image: i}]}}";

  @Test
  void claimsGetTheNewestDefaultClassAndAFinalizer() {
    try (var cluster = new Cluster()) {
      String marked = ", annotations: {storageclass.kubernetes.io/is-default-class: \"true\"}}, provisioner: p}";
      cluster.put("storageclasses", "{metadata: {name: b" + marked);
      cluster.put("storageclasses", "{metadata: {name: a" + marked);
      ObjectValue claim = cluster.create("persistentvolumeclaims", "{metadata: {name: c, namespace: ns}}");
      assertThat(claim.string("spec", "storageClassName")).isEqualTo("a");
      assertThat(Metadata.finalizers(claim)).containsExactly("kubernetes.io/pvc-protection");
      ObjectValue bare = cluster.create("persistentvolumeclaims", "{metadata: {name: c, namespace: ns}, spec: {storageClassName: \"\"}}");
      assertThat(bare.string("spec", "storageClassName")).isEmpty();
    }
  }

  @Test
  void claimsGrowOnlyWhereTheirClassLetsThem() {
    try (var cluster = new Cluster()) {
      cluster.put("storageclasses", "{metadata: {name: fix}, provisioner: p}");
      cluster.put("storageclasses", "{metadata: {name: grow}, provisioner: p, allowVolumeExpansion: true}");
      assertThat(refusal(() -> grow(cluster, "grow", "Pending")).getMessage())
          .isEqualTo("persistentvolumeclaims \"c\" is forbidden: Only bound persistent volume claims can be expanded");
      assertThat(refusal(() -> grow(cluster, "fix", "Bound")).getMessage()).contains("only dynamically provisioned pvc can be resized");
      grow(cluster, "grow", "Bound");
    }
  }

  private static void grow(Cluster cluster, String storageClass, String phase) {
    String claim =
        "{metadata: {name: c, namespace: ns}, spec: {storageClassName: " + storageClass + ", resources: {requests: {storage: %s}}},"
            + " status: {phase: " + phase + "}}";
    cluster.update(
        "persistentvolumeclaims",
        "",
        Cluster.object("persistentvolumeclaims", claim.formatted("2Gi")),
        Cluster.object("persistentvolumeclaims", claim.formatted("1Gi")));
  }

  @Test
  void ingressesGetTheDefaultClassUnlessAnOldAnnotationNamesOne() {
    try (var cluster = new Cluster()) {
      cluster.put("ingressclasses", "{metadata: {name: a, annotations: {ingressclass.kubernetes.io/is-default-class: \"true\"}}}");
      assertThat(cluster.create("ingresses", "{metadata: {name: i, namespace: ns}}").string("spec", "ingressClassName")).isEqualTo("a");
      String old = "{metadata: {name: i, namespace: ns, annotations: {kubernetes.io/ingress.class: x}}}";
      assertThat(cluster.create("ingresses", old).object("spec").has("ingressClassName")).isFalse();
    }
  }

  @Test
  void approvingNeedsTheSignerOrItsDomain() {
    var asked = new ArrayList<String>();
    try (var cluster =
        new Cluster(
            Settings.DEFAULT,
            question -> {
              asked.add(question.verb() + " " + question.resource() + " " + question.name());
              return question.name().equals("b.example/*") ? new Decision.Allow("") : Decision.NO_OPINION;
            })) {
      ObjectValue known = Cluster.object("certificatesigningrequests", "{metadata: {name: r}, spec: {signerName: b.example/x}}");
      cluster.update("certificatesigningrequests", "approval", known, known);
      assertThat(asked).containsExactly("approve signers b.example/x", "approve signers b.example/*");
      ObjectValue other = Cluster.object("certificatesigningrequests", "{metadata: {name: r}, spec: {signerName: a.example/x}}");
      assertThat(refusal(() -> cluster.update("certificatesigningrequests", "approval", other, other)).getMessage())
          .isEqualTo(
              "certificatesigningrequests.certificates.k8s.io \"r\" is forbidden: user not permitted to approve requests with"
                  + " signerName \"a.example/x\"");
      ObjectValue signed = other.withAt(Value.of("eA=="), "status", "certificate");
      assertThat(refusal(() -> cluster.update("certificatesigningrequests", "status", signed, other)).getMessage())
          .endsWith("user not permitted to sign requests with signerName \"a.example/x\"");
      cluster.update("certificatesigningrequests", "status", other, other);
    }
  }

  @Test
  void podsGrowNoLargerThanTheirNode() {
    try (var cluster = new Cluster()) {
      cluster.put("nodes", "{metadata: {name: node1}, status: {allocatable: {cpu: 1, memory: 1Gi}}}");
      ObjectValue old = Metadata.with(sized("1"), "generation", 1);
      Status status = refusal(() -> cluster.update("pods", "resize", Metadata.with(sized("2"), "generation", 2), old)).status();
      assertThat(status.message())
          .isEqualTo(
              "pods \"p\" is forbidden: node didn't have enough allocatable resources: cpu, requested: 2000, allocatable: 1000");
      assertThat(Objects.requireNonNull(status.details()).causes()).containsExactly(new Status.Cause("NodeCapacity", "", ""));
    }
  }

  private static ObjectValue sized(String cpu) {
    return Cluster.object(
        "pods",
        "{metadata: {name: p, namespace: ns}, spec: {nodeName: node1, containers: [{name: c, image: i, resources: {requests: {cpu: "
            + cpu
            + "}}}]}}");
  }

  @Test
  void alwaysDenyDenies() {
    try (var cluster = Cluster.with("AlwaysDeny")) {
      assertThat(cluster.refusedCreate("configmaps", "{metadata: {name: a, namespace: ns}}"))
          .isEqualTo("configmaps \"a\" is forbidden: admission control is denying all modifications");
    }
  }

  @Test
  void alwaysPullImagesPulls() {
    try (var cluster = Cluster.with("AlwaysPullImages")) {
      assertThat(cluster.create("pods", POD).list("spec", "containers").object(0).string("imagePullPolicy")).isEqualTo("Always");
    }
  }

  @Test
  void namespacesAreMadeAsTheyAreNeeded() {
    try (var cluster = Cluster.with("NamespaceAutoProvision")) {
      cluster.create("configmaps", "{metadata: {name: a, namespace: fresh}}");
      assertThat(cluster.registry.find(Resources.NAMESPACES, "", "fresh")).isPresent();
    }
  }

  @Test
  void podsGoWhereTheirNamespaceSelects() {
    try (var cluster = Cluster.with("PodNodeSelector")) {
      cluster.put(
          "namespaces",
          "{metadata: {name: west, annotations: {scheduler.alpha.kubernetes.io/node-selector: \"a=b, c=d\"}}, status: {phase: Active}}");
      cluster.put("serviceaccounts", "{metadata: {name: default, namespace: west}}");
      ObjectValue pod = cluster.create("pods", POD.replace("ns}", "west}"));
      assertThat(pod.object("spec", "nodeSelector").strings()).containsEntry("a", "b").containsEntry("c", "d");
      String other = POD.replace("ns}", "west}").replace("spec: {", "spec: {nodeSelector: {a: x}, ");
      assertThat(cluster.refusedCreate("pods", other))
          .isEqualTo("pods \"p\" is forbidden: pod node label selector conflicts with its namespace node label selector");
    }
  }

  @Test
  void tolerationsOfTheNamespaceAreMergedAndHeldToItsList() {
    try (var cluster = Cluster.with("PodTolerationRestriction")) {
      cluster.put(
          "namespaces",
          "{metadata: {name: west, annotations: {scheduler.alpha.kubernetes.io/defaultTolerations: '[{\"key\":\"k\",\"operator\":"
              + "\"Exists\"}]', scheduler.alpha.kubernetes.io/tolerationsWhitelist: '[{\"key\":\"k\",\"operator\":\"Exists\"},"
              + "{\"operator\":\"Exists\",\"effect\":\"NoExecute\"}]'}}, status: {phase: Active}}");
      cluster.put("serviceaccounts", "{metadata: {name: default, namespace: west}}");
      String pod = POD.replace("ns}", "west}");
      assertThat(cluster.create("pods", pod).list("spec", "tolerations").objects()).anyMatch(t -> t.string("key").equals("k"));
      String other = pod.replace("spec: {", "spec: {tolerations: [{key: x, operator: Exists}], ");
      assertThat(cluster.refusedCreate("pods", other))
          .isEqualTo("pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist");
    }
  }

  @Test
  void podsTolerateTheResourcesTheyAskFor() {
    try (var cluster = Cluster.with("ExtendedResourceToleration")) {
      String pod = POD.replace("image: i", "image: i, resources: {requests: {example.com/gpu: 1, cpu: 1}}");
      assertThat(cluster.create("pods", pod).list("spec", "tolerations").objects().stream().map(t -> t.string("key")))
          .contains("example.com/gpu")
          .doesNotContain("cpu");
    }
  }

  @Test
  void podsKeepOthersOffTheirOwnNodeAtMost() {
    try (var cluster = Cluster.with("LimitPodHardAntiAffinityTopology")) {
      String affinity =
          "spec: {affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone}]}}, ";
      assertThat(cluster.refusedCreate("pods", POD.replace("spec: {", affinity)))
          .isEqualTo(
              "pods \"p\" is forbidden: affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey zone but only key"
                  + " kubernetes.io/hostname is allowed");
    }
  }

  @Test
  void servicesGetNoNewExternalAddresses() {
    try (var cluster = Cluster.with("DenyServiceExternalIPs")) {
      assertThat(cluster.refusedCreate("services", "{metadata: {name: s, namespace: ns}, spec: {externalIPs: [1.2.3.4]}}"))
          .isEqualTo("services \"s\" is forbidden: Use of external IPs is denied by admission control");
    }
  }

  @Test
  void eventsAreCountedByTheKeyOfTheirLimit() {
    var settings =
        new Settings(List.of("EventRateLimit"), List.of(), 300, 300, PluginConfiguration.NONE.withEventLimits(List.of(new EventLimit("User", 1, 1, 0))), Set.of());
    try (var cluster = new Cluster(settings, _ -> Decision.NO_OPINION)) {
      var limits = new EventRateLimit(settings.configuration().eventLimits(), cluster.clock);
      var event =
          cluster.attributes(
              io.thyra.registry.AdmissionAttributes.Operation.CREATE,
              "configmaps",
              "",
              Cluster.object("configmaps", "{metadata: {name: e}}"),
              ObjectValue.EMPTY);
      limits.validate(event);
      assertThat(refusal(() -> limits.validate(event)).status().message())
          .isEqualTo("Too many requests: limit reached on type User for key alice");
    }
  }

  @Test
  void ownersNeedRightsOfThoseWhoNameThem() {
    var settings = new Settings(List.of("OwnerReferencesPermissionEnforcement"), List.of());
    try (var cluster =
        new Cluster(
            settings,
            question ->
                question.verb().equals("delete") && question.name().equals("mine")
                    ? new Decision.Allow("")
                    : new Decision.NoOpinion("no"))) {
      assertThat(refusal(() -> own(cluster, "other", false)).getMessage())
          .isEqualTo("configmaps \"other\" is forbidden: cannot set an ownerRef on a resource you can't delete: no, <nil>");
      own(cluster, "mine", false);
      assertThat(refusal(() -> own(cluster, "mine", true)).getMessage())
          .isEqualTo(
              "configmaps \"mine\" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set"
                  + " finalizers on: no, <nil>");
    }
  }

  private static void own(Cluster cluster, String name, boolean blocks) {
    ObjectValue old = Cluster.object("configmaps", "{metadata: {name: " + name + ", namespace: ns}}");
    ObjectValue reference =
        ObjectValue.builder()
            .put("apiVersion", "v1")
            .put("kind", "Pod")
            .put("name", "p")
            .put("uid", "u")
            .put("blockOwnerDeletion", blocks)
            .build();
    cluster.update("configmaps", "", Metadata.with(old, "ownerReferences", ListValue.of(reference)), old);
  }
}
