package io.thyra.it;

import static io.thyra.it.Kubectl.reading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An extension API server, a process that shares nothing with Thyra, reached by kubectl through Thyra: over TLS both ways,
/// behind a Service of type ExternalName.
class AggregationIT {
  private static final String API_SERVICE = "v1alpha1.wardle.example.com";

  private static Cluster cluster;
  private static Command.Running extension;

  private Kubectl kubectl;

  @BeforeAll
  static void open() throws IOException {
    Path program = GoPrograms.build("extension");
    GoPrograms.build("kubectl");
    cluster = Cluster.open(AggregationIT.class);
    Kubectl admin = Kubectl.on(cluster);
    Path authority = cluster.home().resolve("front-proxy-ca.crt");
    Eventually.holds(
        () ->
            Files.writeString(
                authority,
                admin
                    .run("get", "cm", "extension-apiserver-authentication", "--namespace=kube-system", "-o", "jsonpath={.data.requestheader-client-ca-file}")
                    .ok()
                    .says("BEGIN CERTIFICATE")
                    .out()));
    extension = Command.of(program.toString(), "-service", "flunders.default", "-front-proxy-ca", authority.toString()).start();
    JsonNode told = json(extension.awaitLine(line -> line.startsWith("{")));
    admin
        .run(
            reading(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: flunders, namespace: default}
                spec: {type: ExternalName, externalName: localhost}
                ---
                apiVersion: apiregistration.k8s.io/v1
                kind: APIService
                metadata: {name: %s}
                spec:
                  group: wardle.example.com
                  version: v1alpha1
                  groupPriorityMinimum: 1000
                  versionPriority: 15
                  caBundle: %s
                  service: {namespace: default, name: flunders, port: %d}
                """
                    .formatted(API_SERVICE, told.path("caBundle").asText(), told.path("port").asInt())),
            "create",
            "-f",
            "-")
        .ok();
    admin.run("wait", "--for=condition=Available", "apiservice/" + API_SERVICE, "--timeout=30s").ok();
    Eventually.holds(() -> admin.run("api-resources", "--api-group=wardle.example.com").ok().matches("flunders +fl +wardle.example.com/v1alpha1 +true +Flunder"));
  }

  private static JsonNode json(String line) {
    try {
      return Output.JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new AssertionError(line, e);
    }
  }

  @AfterAll
  static void close() {
    if (extension != null) {
      extension.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void namespace() {
    kubectl = Kubectl.on(cluster).namespaced("aggregation");
  }

  private Output create(String name) {
    String flunder = "{apiVersion: wardle.example.com/v1alpha1, kind: Flunder, metadata: {name: " + name + "}, spec: {colour: red}}";
    return kubectl.run(reading(flunder), "create", "--validate=false", "-f", "-");
  }

  @Test
  void createsListsAndDeletesItsKind() {
    create("one").ok().is("flunder.wardle.example.com/one created");
    create("one").fails(1).complains("flunders.wardle.example.com \"one\" already exists");
    kubectl.run("get", "flunders", "-o", "name").ok().is("flunder.wardle.example.com/one");
    kubectl.run("get", "fl", "one", "-o", "jsonpath={.spec.colour}").ok().is("red");
    kubectl.run("delete", "flunder", "one", "--wait=false").ok();
    kubectl.run("get", "flunder", "one").fails(1).complains("NotFound");
  }

  @Test
  void tellsTheServerWhoCalls() {
    create("mine").ok();
    JsonNode annotations = kubectl.run("get", "flunder", "mine", "-o", "json").ok().json().at("/metadata/annotations");
    assertThat(annotations.path("wardle.example.com/made-by").asText()).isEqualTo("kubernetes-admin");
    assertThat(annotations.path("wardle.example.com/groups").asText()).contains("system:masters", "system:authenticated");
    kubectl.run("get", "flunders", "--as=alice").fails(1).complains("flunders.wardle.example.com is forbidden: User \"alice\" cannot list resource \"flunders\"");
  }

  @Test
  void passesWatchesOnAsTheyCome() {
    create("first").ok();
    try (var watch = kubectl.start("get", "flunders", "--watch", "--output-watch-events", "-o", "jsonpath={.type} {.object.metadata.name}{\"\\n\"}")) {
      watch.awaitLine(line -> line.contains("first"));
      create("second").ok();
      watch.awaitLine(line -> line.equals("ADDED second"));
      kubectl.run("delete", "flunder", "second", "--wait=false").ok();
      watch.awaitLine(line -> line.equals("DELETED second"));
    }
  }

  @Test
  void showsAvailabilityInTheTable() {
    kubectl.run("get", "apiservice", API_SERVICE).ok().matches("default/flunders +True");
    kubectl.run("get", "apiservice", "v1.apps").ok().matches("Local +True");
  }
}
