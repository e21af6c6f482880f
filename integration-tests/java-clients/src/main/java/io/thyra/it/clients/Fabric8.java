package io.thyra.it.clients;

import static io.thyra.it.clients.Scenarios.eventually;
import static io.thyra.it.clients.Scenarios.want;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// The fabric8 client, on the JDK's HTTP client. Watches go by WebSocket first, as they do for its users.
/// Arguments: a kubeconfig and a namespace that exists.
public final class Fabric8 {
  private final KubernetesClient client;
  private final String namespace;

  private Fabric8(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  public static void main(String[] arguments) throws Exception {
    Config config = Config.fromKubeconfig(Files.readString(Path.of(arguments[0])));
    int failed;
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      var own = new Fabric8(client, arguments[1]);
      failed =
          new Scenarios()
              .add("lifecycle", own::lifecycle)
              .add("watch", own::watch)
              .add("informer", own::informer)
              .add("create-or-replace", own::createOrReplace)
              .add("server-side-apply", own::serverSideApply)
              .add("patches", own::patches)
              .add("scale-and-wait", own::scaleAndWait)
              .add("custom-resources", own::customResources)
              .add("leader-election", own::leaderElection)
              .add("paging", own::paging)
              .add("errors", own::errors)
              .play();
    }
    System.exit(failed);
  }

  private ConfigMap map(String name, Map<String, String> data) {
    return new ConfigMapBuilder().withNewMetadata().withName(name).withNamespace(namespace).addToLabels("it", name).endMetadata().withData(data).build();
  }

  private Deployment deployment(String name) {
    return new DeploymentBuilder()
        .withNewMetadata().withName(name).withNamespace(namespace).endMetadata()
        .withNewSpec().withReplicas(1).withNewSelector().addToMatchLabels("app", name).endSelector()
        .withNewTemplate().withNewMetadata().addToLabels("app", name).endMetadata()
        .withNewSpec().addNewContainer().withName("main").withImage("registry.example/app:1").endContainer().endSpec().endTemplate().endSpec()
        .build();
  }

  private void lifecycle() {
    ConfigMap made = client.configMaps().resource(map("lifecycle", Map.of("a", "1"))).create();
    want("data", made.getData(), Map.of("a", "1"));
    ConfigMap edited = client.configMaps().inNamespace(namespace).withName("lifecycle").edit(m -> new ConfigMapBuilder(m).addToData("b", "2").build());
    want("edited", edited.getData().get("b"), "2");
    want("listed", client.configMaps().inNamespace(namespace).withLabel("it", "lifecycle").list().getItems().size(), 1);
    client.configMaps().inNamespace(namespace).withName("lifecycle").delete();
    want("gone", client.configMaps().inNamespace(namespace).withName("lifecycle").get(), null);
    want("minor", client.getKubernetesVersion().getMinor(), "36");
    want("apps", client.getApiGroup("apps").getPreferredVersion().getVersion(), "v1");
    want("pod", client.pods().inNamespace(namespace).resource(new PodBuilder().withNewMetadata().withName("one").endMetadata()
        .withNewSpec().addNewContainer().withName("c").withImage("registry.example/c:1").endContainer().endSpec().build()).create().getSpec().getRestartPolicy(), "Always");
    client.pods().inNamespace(namespace).withName("one").withGracePeriod(0).delete();
  }

  private void watch() throws Exception {
    List<String> seen = Scenarios.seen();
    var closed = new CompletableFuture<Boolean>();
    var watcher =
        new Watcher<ConfigMap>() {
          @Override
          public void eventReceived(Action action, ConfigMap object) {
            seen.add(action + " " + object.getMetadata().getName());
          }

          @Override
          public void onClose(WatcherException cause) {
            closed.complete(false);
          }

          @Override
          public void onClose() {
            closed.complete(true);
          }
        };
    try (var _ = client.configMaps().inNamespace(namespace).withLabel("it", "watched").watch(watcher)) {
      client.configMaps().resource(map("watched", Map.of())).create();
      client.configMaps().inNamespace(namespace).withName("watched").edit(m -> new ConfigMapBuilder(m).addToData("b", "2").build());
      client.configMaps().inNamespace(namespace).withName("watched").delete();
      eventually("events", () -> seen, List.of("ADDED watched", "MODIFIED watched", "DELETED watched"));
    }
    want("closed by the client", closed.get(), true);
  }

  private void informer() throws Exception {
    List<String> seen = Scenarios.seen();
    client.configMaps().resource(map("informed", Map.of("n", "0"))).create();
    var handler =
        new ResourceEventHandler<ConfigMap>() {
          @Override
          public void onAdd(ConfigMap object) {
            seen.add("add " + object.getData().get("n"));
          }

          @Override
          public void onUpdate(ConfigMap before, ConfigMap object) {
            seen.add("update " + object.getData().get("n"));
          }

          @Override
          public void onDelete(ConfigMap object, boolean unknown) {
            seen.add("delete " + object.getData().get("n"));
          }
        };
    try (var informer = client.configMaps().inNamespace(namespace).withLabel("it", "informed").inform(handler)) {
      want("synced", informer.hasSynced(), true);
      client.configMaps().inNamespace(namespace).withName("informed").edit(m -> new ConfigMapBuilder(m).addToData("n", "1").build());
      client.configMaps().inNamespace(namespace).withName("informed").delete();
      eventually("events", () -> seen, List.of("add 0", "update 1", "delete 1"));
    }
  }

  @SuppressWarnings("deprecation") // The method that most programs still call.
  private void createOrReplace() {
    String first = client.configMaps().resource(map("replaced", Map.of("a", "1"))).createOrReplace().getMetadata().getUid();
    ConfigMap second = client.configMaps().resource(map("replaced", Map.of("a", "2"))).createOrReplace();
    want("same object", second.getMetadata().getUid(), first);
    want("data", second.getData(), Map.of("a", "2"));
    client.resourceList(map("replaced", Map.of("a", "3")), map("replaced-too", Map.of())).createOrReplace();
    want("data", client.configMaps().inNamespace(namespace).withName("replaced").get().getData(), Map.of("a", "3"));
    want("deleted", client.resourceList(map("replaced", Map.of()), map("replaced-too", Map.of())).delete().size(), 2);
  }

  private void serverSideApply() {
    ConfigMap applied = client.configMaps().resource(map("applied", Map.of("a", "1"))).fieldManager("one").serverSideApply();
    want("managers", applied.getMetadata().getManagedFields().getFirst().getManager(), "one");
    try {
      client.configMaps().resource(map("applied", Map.of("a", "2"))).fieldManager("two").serverSideApply();
      throw new AssertionError("no conflict");
    } catch (KubernetesClientException e) {
      want("code", e.getCode(), 409);
    }
    want("forced", client.configMaps().resource(map("applied", Map.of("a", "2"))).fieldManager("two").forceConflicts().serverSideApply().getData().get("a"), "2");
    client.configMaps().inNamespace(namespace).withName("applied").delete();
  }

  private void patches() {
    client.apps().deployments().resource(deployment("patched")).create();
    var resource = client.apps().deployments().inNamespace(namespace).withName("patched");
    want("strategic", resource.patch(PatchContext.of(PatchType.STRATEGIC_MERGE),
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"registry.example/side:1\"}]}}}}")
        .getSpec().getTemplate().getSpec().getContainers().size(), 2);
    want("merge", resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"paused\":true}}").getSpec().getPaused(), true);
    want("json", resource.patch(PatchContext.of(PatchType.JSON), "[{\"op\":\"remove\",\"path\":\"/spec/paused\"}]").getSpec().getPaused(), null);
    resource.editStatus(d -> new DeploymentBuilder(d).withNewStatus().withReplicas(3).endStatus().build());
    want("status", resource.get().getStatus().getReplicas(), 3);
    resource.delete();
  }

  private void scaleAndWait() throws Exception {
    client.apps().deployments().resource(deployment("waited")).create();
    var resource = client.apps().deployments().inNamespace(namespace).withName("waited");
    want("scale", resource.scale(new io.fabric8.kubernetes.api.model.autoscaling.v1.ScaleBuilder().withNewMetadata().withName("waited").withNamespace(namespace).endMetadata()
        .withNewSpec().withReplicas(4).endSpec().build()).getSpec().getReplicas(), 4);
    var waiting = CompletableFuture.supplyAsync(() -> resource.waitUntilCondition(d -> d != null && d.getSpec().getReplicas() == 5, 20, java.util.concurrent.TimeUnit.SECONDS));
    resource.edit(d -> new DeploymentBuilder(d).editSpec().withReplicas(5).endSpec().build());
    want("replicas", waiting.get().getSpec().getReplicas(), 5);
    resource.delete();
  }

  private void customResources() throws Exception {
    String crd =
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: gears.fabric8.example.com}
        spec:
          group: fabric8.example.com
          scope: Namespaced
          names: {plural: gears, singular: gear, kind: Gear}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;
    var definitions = client.load(new java.io.ByteArrayInputStream(crd.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    definitions.create();
    try {
      var context = new ResourceDefinitionContext.Builder().withGroup("fabric8.example.com").withVersion("v1").withKind("Gear").withPlural("gears").withNamespaced(true).build();
      var gear = new GenericKubernetesResource();
      gear.setApiVersion("fabric8.example.com/v1");
      gear.setKind("Gear");
      gear.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder().withName("one").withNamespace(namespace).build());
      gear.setAdditionalProperty("teeth", 12);
      eventually("established", () -> {
        try {
          return client.genericKubernetesResources(context).inNamespace(namespace).resource(gear).create().getAdditionalProperties().get("teeth");
        } catch (KubernetesClientException e) {
          return e.getMessage();
        }
      }, 12);
      want("listed", client.genericKubernetesResources(context).inNamespace(namespace).list().getItems().size(), 1);
    } finally {
      definitions.delete();
    }
  }

  private void leaderElection() throws Exception {
    var first = new CompletableFuture<String>();
    var second = new CompletableFuture<String>();
    var one = elector("one", first).start();
    want("leader", first.get(20, java.util.concurrent.TimeUnit.SECONDS), "one");
    var two = elector("two", second).start();
    one.cancel(true);
    want("next leader", second.get(20, java.util.concurrent.TimeUnit.SECONDS), "two");
    want("holder", client.leases().inNamespace(namespace).withName("it-fabric8").get().getSpec().getHolderIdentity(), "two");
    two.cancel(true);
  }

  private io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector elector(String id, CompletableFuture<String> elected) {
    return client.leaderElector().withConfig(new LeaderElectionConfigBuilder()
        .withName("it").withLock(new LeaseLock(namespace, "it-fabric8", id)).withReleaseOnCancel(true)
        .withLeaseDuration(Duration.ofSeconds(5)).withRenewDeadline(Duration.ofSeconds(3)).withRetryPeriod(Duration.ofMillis(300))
        .withLeaderCallbacks(new LeaderCallbacks(() -> elected.complete(id), () -> {}, _ -> {})).build()).build();
  }

  private void paging() {
    for (int n = 0; n < 7; n++) {
      client.configMaps().resource(new ConfigMapBuilder(map("page-" + n, Map.of())).editMetadata().withLabels(Map.of("it", "paging")).endMetadata().build()).create();
    }
    var maps = client.configMaps().inNamespace(namespace).withLabel("it", "paging");
    int items = 0;
    int pages = 0;
    String next = null;
    do {
      var page = maps.list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder().withLimit(3L).withContinue(next).build());
      items += page.getItems().size();
      next = page.getMetadata().getContinue();
      pages++;
    } while (next != null && !next.isEmpty());
    want("items in pages", items + " in " + pages, "7 in 3");
    maps.delete();
  }

  private void errors() {
    try {
      client.configMaps().resource(map("Not_A_Name", Map.of())).create();
      throw new AssertionError("made");
    } catch (KubernetesClientException e) {
      want("code", e.getCode(), 422);
      want("reason", e.getStatus().getReason(), "Invalid");
      want("field", e.getStatus().getDetails().getCauses().getFirst().getField(), "metadata.name");
    }
  }
}
