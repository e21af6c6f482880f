package io.thyra.it.clients;

import static io.thyra.it.clients.Scenarios.eventually;
import static io.thyra.it.clients.Scenarios.want;

import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoordinationV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.apis.VersionApi;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.options.ListOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The official Java client. Arguments: a kubeconfig and a namespace that exists.
public final class Official {
  private final ApiClient client;
  private final CoreV1Api core;
  private final String namespace;

  private Official(ApiClient client, String namespace) {
    this.client = client;
    this.core = new CoreV1Api(client);
    this.namespace = namespace;
  }

  public static void main(String[] arguments) throws Exception {
    ApiClient client = Config.fromConfig(arguments[0]);
    client.setReadTimeout(0);
    io.kubernetes.client.openapi.Configuration.setDefaultApiClient(client);
    var own = new Official(client, arguments[1]);
    int failed =
        new Scenarios()
            .add("lifecycle", own::lifecycle)
            .add("watch", own::watch)
            .add("informer", own::informer)
            .add("paging", own::paging)
            .add("patches", own::patches)
            .add("dynamic", own::dynamic)
            .add("leader-election", own::leaderElection)
            .add("errors", own::errors)
            .play();
    System.exit(failed);
  }

  private V1ConfigMap map(String name, String label, Map<String, String> data) {
    return new V1ConfigMap().metadata(new V1ObjectMeta().name(name).namespace(namespace).labels(Map.of("it", label))).data(data);
  }

  private void lifecycle() throws ApiException {
    want("minor", new VersionApi(client).getCode().execute().getMinor(), "36");
    V1ConfigMap made = core.createNamespacedConfigMap(namespace, map("official", "lifecycle", Map.of("a", "1"))).execute();
    made.setData(Map.of("b", "2"));
    V1ConfigMap replaced = core.replaceNamespacedConfigMap("official", namespace, made).execute();
    want("replaced", core.readNamespacedConfigMap("official", namespace).execute().getMetadata().getResourceVersion(), replaced.getMetadata().getResourceVersion());
    want("deleted", core.deleteNamespacedConfigMap("official", namespace).execute().getStatus(), "Success");
    want("listed", core.listNamespacedConfigMap(namespace).labelSelector("it=lifecycle").execute().getItems().size(), 0);
  }

  private void watch() throws Exception {
    V1ConfigMapList list = core.listNamespacedConfigMap(namespace).labelSelector("it=watched").execute();
    core.createNamespacedConfigMap(namespace, map("official-watched", "watched", Map.of())).execute();
    core.deleteNamespacedConfigMap("official-watched", namespace).execute();
    var call = core.listNamespacedConfigMap(namespace).labelSelector("it=watched").resourceVersion(list.getMetadata().getResourceVersion()).timeoutSeconds(10).watch(true).buildCall(null);
    try (Watch<V1ConfigMap> watch = Watch.createWatch(client, call, new com.google.gson.reflect.TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
      want("first", watch.next().type, "ADDED");
      want("second", watch.next().type, "DELETED");
    }
  }

  private GenericKubernetesApi<V1ConfigMap, V1ConfigMapList> maps() {
    return new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
  }

  private void informer() throws Exception {
    List<String> seen = Scenarios.seen();
    String informed = namespace;
    core.createNamespacedConfigMap(informed, map("official-informed", "informed", Map.of("n", "0"))).execute();
    var factory = new SharedInformerFactory(client);
    var informer = factory.sharedIndexInformerFor(maps(), V1ConfigMap.class, 0, informed);
    informer.addEventHandler(
        new ResourceEventHandler<V1ConfigMap>() {
          private void see(String what, V1ConfigMap object) {
            if (object.getMetadata().getName().equals("official-informed")) {
              seen.add(what + " " + object.getData().get("n"));
            }
          }

          @Override
          public void onAdd(V1ConfigMap object) {
            see("add", object);
          }

          @Override
          public void onUpdate(V1ConfigMap before, V1ConfigMap object) {
            see("update", object);
          }

          @Override
          public void onDelete(V1ConfigMap object, boolean unknown) {
            see("delete", object);
          }
        });
    factory.startAllRegisteredInformers();
    try {
      eventually("synced", informer::hasSynced, true);
      eventually("events", () -> seen, List.of("add 0"));
      core.replaceNamespacedConfigMap("official-informed", informed, map("official-informed", "informed", Map.of("n", "1"))).execute();
      eventually("events", () -> seen, List.of("add 0", "update 1"));
      core.deleteNamespacedConfigMap("official-informed", informed).execute();
      eventually("events", () -> seen, List.of("add 0", "update 1", "delete 1"));
    } finally {
      factory.stopAllRegisteredInformers();
    }
  }

  private void paging() throws ApiException {
    for (int n = 0; n < 11; n++) {
      core.createNamespacedConfigMap(namespace, map("official-page-" + n, "paging", Map.of())).execute();
    }
    int items = 0;
    int pages = 0;
    String next = null;
    do {
      V1ConfigMapList page = core.listNamespacedConfigMap(namespace).labelSelector("it=paging").limit(4)._continue(next).execute();
      items += page.getItems().size();
      pages++;
      next = page.getMetadata().getContinue();
    } while (next != null && !next.isEmpty());
    want("items in pages", items + " in " + pages, "11 in 3");
    core.deleteCollectionNamespacedConfigMap(namespace).labelSelector("it=paging").execute();
    want("left", core.listNamespacedConfigMap(namespace).labelSelector("it=paging").execute().getItems().size(), 0);
  }

  private void patches() throws ApiException {
    core.createNamespacedConfigMap(namespace, map("official-patched", "patched", Map.of("a", "1"))).execute();
    for (Map.Entry<String, String> patch :
        Map.of(
                V1Patch.PATCH_FORMAT_JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/data/json\",\"value\":\"1\"}]",
                V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, "{\"data\":{\"merge\":\"1\"}}",
                V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, "{\"data\":{\"strategic\":\"1\"}}")
            .entrySet()) {
      PatchUtils.patch(
          V1ConfigMap.class,
          () -> core.patchNamespacedConfigMap("official-patched", namespace, new V1Patch(patch.getValue())).buildCall(null),
          patch.getKey(),
          client);
    }
    PatchUtils.patch(
        V1ConfigMap.class,
        () -> core.patchNamespacedConfigMap("official-patched", namespace,
            new V1Patch("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"official-patched\"},\"data\":{\"apply\":\"1\"}}")).fieldManager("it").force(true).buildCall(null),
        V1Patch.PATCH_FORMAT_APPLY_YAML,
        client);
    want("keys", new java.util.TreeSet<>(core.readNamespacedConfigMap("official-patched", namespace).execute().getData().keySet()), "[a, apply, json, merge, strategic]");
    core.deleteNamespacedConfigMap("official-patched", namespace).execute();
  }

  private void dynamic() {
    var leases = new DynamicKubernetesApi("coordination.k8s.io", "v1", "leases", client);
    want("success", leases.list(namespace, new ListOptions()).isSuccess(), true);
    want("missing", maps().get(namespace, "there-is-none").getHttpStatusCode(), 404);
  }

  /// Closing an elector gives the lease up at once.
  private void leaderElection() throws Exception {
    var first = new CompletableFuture<String>();
    var second = new CompletableFuture<String>();
    try (LeaderElector one = elector("one")) {
      Thread.ofVirtual().start(() -> one.run(() -> first.complete("one"), () -> {}));
      want("leader", first.get(20, TimeUnit.SECONDS), "one");
    }
    try (LeaderElector two = elector("two")) {
      Thread.ofVirtual().start(() -> two.run(() -> second.complete("two"), () -> {}));
      want("next leader", second.get(20, TimeUnit.SECONDS), "two");
      V1Lease lease = new CoordinationV1Api(client).readNamespacedLease("it-official", namespace).execute();
      want("holder", lease.getSpec().getHolderIdentity(), "two");
      want("transitions", lease.getSpec().getLeaseTransitions() >= 1, true);
    }
  }

  private LeaderElector elector(String id) {
    return new LeaderElector(
        new LeaderElectionConfig(
            new LeaseLock(namespace, "it-official", id, client), Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofMillis(300)));
  }

  private void errors() {
    try {
      core.createNamespacedConfigMap(namespace, map("Not_A_Name", "errors", Map.of())).execute();
      throw new AssertionError("made");
    } catch (ApiException e) {
      want("code", e.getCode(), 422);
      want("reason", e.getResponseBody().contains("\"reason\":\"Invalid\""), true);
    }
  }
}
