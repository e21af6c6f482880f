package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What becomes of objects whose owners go: nothing is left that should not be, and nothing is gone that somebody owns. Each test
/// has names of its own.
class GarbageIT {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
  private static final String WIDGETS = "/apis/garbage.example.com/v1/namespaces/default/widgets";

  private static Cluster cluster;
  private static Api api;

  @BeforeAll
  static void open() throws IOException {
    Cluster.needsControllers();
    cluster = Cluster.open(GarbageIT.class);
    api = new Api(cluster.kubeconfig());
    String definition =
        """
        {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.garbage.example.com"},
         "spec": {"group": "garbage.example.com", "scope": "Namespaced", "names": {"plural": "widgets", "kind": "Widget"},
          "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {"type": "object"}}}]}}
        """;
    int status = api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition).status();
    assertThat(status).isIn(201, 409);
    Eventually.holds(() -> assertThat(api.get(WIDGETS).status()).isEqualTo(200));
  }

  @AfterAll
  static void close() {
    if (api != null) {
      api.close();
      cluster.close();
    }
  }

  /// What a reference names.
  private record Owner(String apiVersion, String kind, String name, String uid) {
    String reference(boolean blocks) {
      return "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"name\":\"%s\",\"uid\":\"%s\",\"blockOwnerDeletion\":%s}".formatted(apiVersion, kind, name, uid, blocks);
    }
  }

  private static Owner make(String collection, String apiVersion, String kind, String name, String... references) throws IOException {
    String body =
        "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"ownerReferences\":[%s]}}".formatted(apiVersion, kind, name, String.join(",", references));
    Api.Answer answer = api.post(collection, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return new Owner(apiVersion, kind, name, answer.json().at("/metadata/uid").asText());
  }

  private static Owner map(String name, String... references) throws IOException {
    return make(MAPS, "v1", "ConfigMap", name, references);
  }

  private static void delete(String path, String policy) throws IOException {
    Api.Answer answer = api.send("DELETE", path, "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"propagationPolicy\":\"" + policy + "\"}", "application/json");
    assertThat(answer.status()).as(answer.body()).isIn(200, 202);
  }

  private static void goes(String path) {
    Eventually.holds(() -> assertThat(api.get(path).status()).as(path).isEqualTo(404));
  }

  private static JsonNode owners(String path) throws IOException {
    Api.Answer answer = api.get(path);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().at("/metadata/ownerReferences");
  }

  /// Whatever a collector has to do about what was written before is done when something of the same kind is collected that was
  /// written after.
  private static void collectsMeanwhile(String name) throws IOException {
    map(name, new Owner("v1", "ConfigMap", "never-was", "00000000-0000-0000-0000-000000000000").reference(false));
    goes(MAPS + "/" + name);
  }

  @Test
  void aWholeChainGoesInTheBackground() throws IOException {
    Owner top = map("chain-top");
    Owner widget = make(WIDGETS, "garbage.example.com/v1", "Widget", "chain-middle", top.reference(false));
    map("chain-bottom", widget.reference(false));
    delete(MAPS + "/chain-top", "Background");
    goes(MAPS + "/chain-top");
    goes(WIDGETS + "/chain-middle");
    goes(MAPS + "/chain-bottom");
  }

  @Test
  void dependentsThatBlockGoFirst() throws IOException {
    Owner top = make(WIDGETS, "garbage.example.com/v1", "Widget", "fore-top");
    Owner middle = map("fore-middle", top.reference(true));
    map("fore-bottom", middle.reference(true));
    // It stays as long as somebody wants it to, and so does everything above.
    String held = "{\"metadata\":{\"finalizers\":[\"example.com/held\"]}}";
    assertThat(api.send("PATCH", MAPS + "/fore-bottom", held, "application/merge-patch+json").status()).isEqualTo(200);
    delete(WIDGETS + "/fore-top", "Foreground");
    Eventually.holds(() -> assertThat(api.get(MAPS + "/fore-bottom").json().at("/metadata/deletionTimestamp").asText()).isNotEmpty());
    collectsMeanwhile("fore-other");
    assertThat(api.get(WIDGETS + "/fore-top").json().at("/metadata/finalizers").toString()).contains("foregroundDeletion");
    assertThat(api.get(MAPS + "/fore-middle").status()).isEqualTo(200);
    assertThat(api.send("PATCH", MAPS + "/fore-bottom", "{\"metadata\":{\"finalizers\":null}}", "application/merge-patch+json").status()).isEqualTo(200);
    goes(MAPS + "/fore-bottom");
    goes(MAPS + "/fore-middle");
    goes(WIDGETS + "/fore-top");
  }

  @Test
  void orphansStayWithoutTheirOwner() throws IOException {
    Owner top = make(WIDGETS, "garbage.example.com/v1", "Widget", "orphan-top");
    Owner other = map("orphan-other");
    map("orphan-one", top.reference(true));
    map("orphan-two", top.reference(false), other.reference(false));
    Eventually.holds(() -> assertThat(owners(MAPS + "/orphan-two")).hasSize(2));
    collectsMeanwhile("orphan-before");
    delete(WIDGETS + "/orphan-top", "Orphan");
    goes(WIDGETS + "/orphan-top");
    collectsMeanwhile("orphan-after");
    assertThat(owners(MAPS + "/orphan-one")).isEmpty();
    assertThat(owners(MAPS + "/orphan-two").toString()).contains("orphan-other").doesNotContain("orphan-top");
  }

  @Test
  void whatAnotherOwnsStays() throws IOException {
    Owner going = map("two-going");
    Owner foreground = map("two-foreground");
    Owner staying = map("two-staying");
    map("two-owned", going.reference(false), staying.reference(false), foreground.reference(true));
    delete(MAPS + "/two-foreground", "Foreground");
    goes(MAPS + "/two-foreground");
    delete(MAPS + "/two-going", "Background");
    Eventually.holds(() -> assertThat(owners(MAPS + "/two-owned").toString()).contains("two-staying").doesNotContain("two-going", "two-foreground"));
    delete(MAPS + "/two-staying", "Background");
    goes(MAPS + "/two-owned");
  }

  @Test
  void whatNobodyOwnsGoes() throws IOException {
    Owner real = map("missing-real");
    // Another object of the name, another namespace, no object at all.
    map("missing-uid", new Owner("v1", "ConfigMap", "missing-real", "00000000-0000-0000-0000-000000000001").reference(false));
    map("missing-all", new Owner("v1", "Secret", "no-such", "00000000-0000-0000-0000-000000000002").reference(false));
    make("/api/v1/namespaces/kube-public/configmaps", "v1", "ConfigMap", "missing-across", real.reference(false));
    make(WIDGETS, "garbage.example.com/v1", "Widget", "missing-widget", new Owner("garbage.example.com/v1", "Widget", "gone", "00000000-0000-0000-0000-000000000003").reference(true));
    goes(MAPS + "/missing-uid");
    goes(MAPS + "/missing-all");
    goes("/api/v1/namespaces/kube-public/configmaps/missing-across");
    goes(WIDGETS + "/missing-widget");
    assertThat(api.get(MAPS + "/missing-real").status()).isEqualTo(200);
  }

  @Test
  void whatCannotBeToldStays() throws IOException {
    Owner namespaced = map("odd-owner");
    make(ROLES, "rbac.authorization.k8s.io/v1", "ClusterRole", "odd-role", namespaced.reference(false));
    map("odd-kind", new Owner("nobody.example.com/v1", "Unknown", "x", "00000000-0000-0000-0000-000000000004").reference(false));
    make(ROLES, "rbac.authorization.k8s.io/v1", "ClusterRole", "odd-gone", new Owner("rbac.authorization.k8s.io/v1", "ClusterRole", "x", "00000000-0000-0000-0000-000000000005").reference(false));
    goes(ROLES + "/odd-gone");
    collectsMeanwhile("odd-other");
    assertThat(api.get(ROLES + "/odd-role").status()).isEqualTo(200);
    assertThat(api.get(MAPS + "/odd-kind").status()).isEqualTo(200);
  }

  @Test
  void aCircleThatWaitsForItselfGoes() throws IOException {
    Owner one = map("circle-one");
    Owner two = map("circle-two", one.reference(true));
    String closing = "{\"metadata\":{\"ownerReferences\":[" + two.reference(true) + "]}}";
    assertThat(api.send("PATCH", MAPS + "/circle-one", closing, "application/merge-patch+json").status()).isEqualTo(200);
    collectsMeanwhile("circle-other");
    delete(MAPS + "/circle-one", "Foreground");
    goes(MAPS + "/circle-one");
    goes(MAPS + "/circle-two");
  }
}
