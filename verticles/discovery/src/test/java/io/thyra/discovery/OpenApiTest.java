package io.thyra.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private final Vertx vertx = Vertx.vertx();
  private final Served served = new Served(vertx);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private ObjectValue json(String path) {
    return (ObjectValue) JsonReader.read(Served.text(served.get(path, "")));
  }

  @Test
  void namesOperationsAsUpstreamDoes() {
    ObjectValue paths = json("/openapi/v3/apis/apps/v1").object("paths");
    assertThat(paths.string("/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale", "get", "operationId"))
        .isEqualTo("readAppsV1NamespacedDeploymentScale");
    assertThat(paths.string("/apis/apps/v1/deployments", "get", "operationId")).isEqualTo("listAppsV1DeploymentForAllNamespaces");
    assertThat(paths.string("/apis/apps/v1/watch/deployments", "get", "x-kubernetes-action")).isEqualTo("watchlist");
  }

  @Test
  void wrapsReferencesThatHaveSiblings() {
    ObjectValue pod = json("/openapi/v3/api/v1").object("components", "schemas", "io.k8s.api.core.v1.Pod", "properties", "spec");
    assertThat(pod.list("allOf").object(0).string("$ref")).isEqualTo("#/components/schemas/io.k8s.api.core.v1.PodSpec");
    assertThat(pod.has("default")).isTrue();
    ObjectValue old = json("/openapi/v2").object("definitions", "io.k8s.api.core.v1.Pod", "properties", "spec");
    assertThat(old.string("$ref")).isEqualTo("#/definitions/io.k8s.api.core.v1.PodSpec");
    assertThat(old.has("default")).isFalse();
  }

  @Test
  void sharesParametersUnderTheHashOfTheirText() {
    ObjectValue parameters = json("/openapi/v2").object("parameters");
    assertThat(parameters.names()).contains("fieldManager-Qy4HdaTW", "labelSelector-5Zw57w4C", "continue-QfD61s0i");
  }

  @Test
  void keepsValidationParametersInTheOperationsForOldClients() {
    ObjectValue patch = json("/openapi/v2").object("paths", "/api/v1/namespaces/{namespace}/pods/{name}", "patch");
    assertThat(patch.list("parameters").objects()).extracting(p -> p.string("name")).contains("fieldValidation", "dryRun");
  }

  @Test
  void redirectsAHashThatIsNotTheDocumentsOwn() {
    String url = json("/openapi/v3").string("paths", "apis/apps/v1", "serverRelativeURL");
    assertThat(Served.header(served.get(url, ""), "Cache-Control")).isEqualTo("public, immutable");
    ApiResponse stale = served.get("/openapi/v3/apis/apps/v1?hash=ABC", "");
    assertThat(stale.code()).isEqualTo(301);
    assertThat(Served.header(stale, "Location")).isEqualTo(url);
  }

  @Test
  void writesProtobufForThoseWhoNameIt() {
    ApiResponse v3 = served.get("/openapi/v3/apis/apps/v1", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf");
    assertThat(v3.contentType()).isEqualTo("application/com.github.proto-openapi.spec.v3.v1.0+protobuf");
    assertThat(Served.text(v3)).startsWith("\n\0053.0.0");
    ApiResponse v2 = served.get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
    assertThat(Served.text(v2)).startsWith("\n\0032.0");
  }

  @Test
  void servesPartsAndConditionsOfTheOldDocument() {
    ApiResponse part = served.ask("GET", "/openapi/v2", "", new ApiRequest.Conditions("", "", "", "bytes=0-9", ""));
    assertThat(part.code()).isEqualTo(206);
    assertThat(part.length()).isEqualTo(10);
    assertThat(served.ask("GET", "/openapi/v2", "", new ApiRequest.Conditions("\"other\"", "", "", "", "")).code()).isEqualTo(412);
    assertThat(served.ask("GET", "/openapi/v2", "", new ApiRequest.Conditions("", "*", "", "", "")).code()).isEqualTo(304);
  }

  @Test
  void namesTheValuesOfEnumerations() {
    ObjectValue properties = json("/openapi/v3/api/v1").object("components", "schemas", "io.k8s.api.core.v1.ContainerPort", "properties");
    assertThat(properties.string("protocol", "description")).contains("Possible enum values:\n - `\"SCTP\"`");
  }

  @Test
  void describesEmbeddedFieldsByTheTypeThatShowsThem() {
    ObjectValue volume = json("/openapi/v3/api/v1").object("components", "schemas", "io.k8s.api.core.v1.Volume", "properties");
    assertThat(volume.string("ephemeral", "description")).contains("\n\nUse this if");
  }

  @Test
  void describesTheOperationsOfCustomResources() {
    var gauge =
        new CustomOperations.Resource(
            new GroupVersionKind("oas.example.org", "v1", "Gauge"), "gauges", true, "org.example.oas.v1.Gauge", "org.example.oas.v1.GaugeList",
            false, true);
    Map<String, List<Operation>> paths = CustomOperations.of(gauge);
    String collection = "/apis/oas.example.org/v1/namespaces/{namespace}/gauges";
    assertThat(paths.keySet())
        .containsExactly("/apis/oas.example.org/v1/gauges", collection, collection + "/{name}", collection + "/{name}/scale");
    assertThat(paths.get(collection)).extracting(Operation::id)
        .containsExactly("listOasExampleOrgV1NamespacedGauge", "createOasExampleOrgV1NamespacedGauge",
            "deleteOasExampleOrgV1CollectionNamespacedGauge");
    Operation patch = paths.get(collection + "/{name}/scale").getLast();
    assertThat(patch.id()).isEqualTo("patchOasExampleOrgV1NamespacedGaugeScale");
    assertThat(patch.description()).isEqualTo("partially update scale of the specified Gauge");
    assertThat(patch.consumes()).doesNotContain("application/strategic-merge-patch+json");
    assertThat(patch.responses()).extracting(Operation.Response::type).containsExactly("io.k8s.api.autoscaling.v1.Scale");
  }
}
