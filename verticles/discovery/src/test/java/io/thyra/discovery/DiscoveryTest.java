package io.thyra.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.JsonReader;
import io.thyra.model.ApiException;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.Vertx;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
  private final Vertx vertx = Vertx.vertx();
  private final Served served = new Served(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static ObjectValue json(ApiResponse response) {
    return (ObjectValue) JsonReader.read(Served.text(response));
  }

  @Test
  void listsTheResourcesOfAGroupVersionWithTheirSubresources() {
    ObjectValue list = json(served.get("/apis/apps/v1", ""));
    assertThat(list.string("groupVersion")).isEqualTo("apps/v1");
    assertThat(list.list("resources").objects())
        .extracting(resource -> resource.string("name"))
        .containsSequence("deployments", "deployments/scale", "deployments/status");
    assertThat(list.list("resources").objects())
        .filteredOn(resource -> resource.string("name").equals("deployments/scale"))
        .allSatisfy(scale -> assertThat(scale.string("group")).isEqualTo("autoscaling"));
  }

  @Test
  void leavesTheApiVersionOutOfTheCoreList() {
    assertThat(json(served.get("/api/v1", "")).has("apiVersion")).isFalse();
    assertThat(json(served.get("/apis/apps/v1", "")).has("apiVersion")).isTrue();
  }

  @Test
  void aggregatesForWhoeverNamesTheFormAnywhere() {
    for (String accept : new String[] {Served.V2, "application/json," + Served.V2, Served.V2 + ";q=0.1,application/json"}) {
      assertThat(served.get("/apis", accept).contentType()).isEqualTo(Served.V2);
    }
    assertThat(served.get("/apis", "application/json").contentType()).isEqualTo("application/json");
    assertThat(served.looks).as("snapshots made").isEqualTo(1);
  }

  @Test
  void answersNotModifiedToTheExactQuotedTag() {
    String etag = Served.header(served.get("/api", Served.V2), "ETag");
    assertThat(etag).matches("\"[0-9A-F]{128}\"");
    assertThat(served.ask("GET", "/api", Served.V2, new ApiRequest.Conditions("", etag, "", "", "")).code()).isEqualTo(304);
    assertThat(served.ask("GET", "/api", Served.V2, new ApiRequest.Conditions("", "*", "", "", "")).code()).isEqualTo(200);
  }

  @Test
  void writesAggregatedDiscoveryAsProtobuf() {
    ApiResponse response = served.get("/apis", Served.V2.replace("application/json", "application/vnd.kubernetes.protobuf"));
    assertThat(Served.text(response)).startsWith("k8s\0");
  }

  @Test
  void refusesUnknownPathsByWhatStandsAboveThem() {
    assertThat(Served.text(served.get("/apis/nothing", ""))).isEqualTo("404 page not found\n");
    assertThatThrownBy(() -> served.get("/apis/apps/v9", ""))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> assertThat(Status.of(e.failure()).message()).isEqualTo("the server could not find the requested resource"));
  }

  @Test
  void allowsOnlyGetBehindTheRouter() {
    assertThatThrownBy(() -> served.ask("HEAD", "/version", "", ApiRequest.Conditions.NONE))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(Status.of(e.failure()).code()).isEqualTo(405));
    assertThat(served.ask("POST", "/", "", ApiRequest.Conditions.NONE).code()).isEqualTo(200);
  }

  @Test
  void hashesTheStorageVersion() {
    assertThat(RegistryDiscovery.storageVersionHash("", "v1", "ConfigMap")).isEqualTo("qFsyl6wFWjQ=");
  }

  @Test
  void withholdsTheReasonOfAFailureExceptAtTheCheckItself() {
    served.failure = Optional.of("disk full");
    ApiResponse all = served.get("/readyz", "");
    assertThat(all.code()).isEqualTo(500);
    assertThat(Served.text(all)).isEqualTo("[+]ping ok\n[-]etcd failed: reason withheld\n[+]shutdown ok\nreadyz check failed\n");
    assertThat(Served.text(served.get("/readyz/etcd", ""))).isEqualTo("internal server error: disk full\n");
    assertThat(Served.text(served.get("/readyz?exclude=etcd", ""))).isEqualTo("ok");
  }

  @Test
  void warnsOfExclusionsThatNameNoCheck() {
    assertThat(Served.text(served.get("/livez?verbose&exclude=nonesuch", "")))
        .isEqualTo(
            "[+]ping ok\n[+]etcd ok\nwarn: some health checks cannot be excluded: no matches for \"nonesuch\"\nlivez check passed\n");
    assertThat(served.get("/livez/shutdown", "").code()).isEqualTo(404);
  }

  @Test
  void decidesWhatIsServedByTheMostParticularEntry() {
    var alpha =
        io.thyra.schema.Schemas.builtin().resources().stream().filter(r -> r.resource().version().contains("alpha")).findFirst().orElseThrow();
    assertThat(RuntimeConfig.DEFAULT.serves(alpha)).isFalse();
    assertThat(new RuntimeConfig(java.util.Map.of("api/all", "true")).serves(alpha)).isTrue();
    assertThat(new RuntimeConfig(java.util.Map.of("api/all", "true", "api/alpha", "false")).serves(alpha)).isFalse();
  }
}
