package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The scenarios of `go/cmd/clientgo`: typed, dynamic and metadata clients, informers, leader election, apply.
class ClientGoIT {
  private static Cluster cluster;
  private static Kubectl kubectl;
  private static Command clientGo;

  @BeforeAll
  static void open() {
    GoPrograms.build("kubectl");
    String program = GoPrograms.build("clientgo").toString();
    cluster = Cluster.open(ClientGoIT.class);
    kubectl = Kubectl.on(cluster).namespaced("client-go");
    clientGo = Command.of(program, "-kubeconfig", cluster.kubeconfig().file().toString(), "-namespace", kubectl.namespace());
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> passes() {
    return clientGo.run().ok().lines().stream().map(name -> DynamicTest.dynamicTest(name, () -> play(clientGo, name)));
  }

  /// Clients before 1.35 fill an informer by a list and a watch.
  @TestFactory
  Stream<DynamicTest> passesWithoutWatchList() {
    Command listing = clientGo.environment("KUBE_FEATURE_WatchListClient", "false");
    return Stream.of("informer", "informer-dynamic", "informer-metadata").map(name -> DynamicTest.dynamicTest(name, () -> play(listing, name)));
  }

  /// Clients that prefer CBOR read from a server that has not switched it on.
  @TestFactory
  Stream<DynamicTest> passesWithCbor() {
    Command cbor = clientGo.environment("KUBE_FEATURE_ClientsAllowCBOR", "true").environment("KUBE_FEATURE_ClientsPreferCBOR", "true");
    return Stream.of("metadata", "informer-dynamic", "informer-metadata").map(name -> DynamicTest.dynamicTest(name, () -> play(cbor, name)));
  }

  private static void play(Command program, String scenario) {
    Output output = program.with(List.of(scenario)).run();
    JsonNode result = output.lines().isEmpty() ? Output.JSON.createObjectNode() : json(output);
    assertThat(result.path("passed").asBoolean()).as(output.toString()).isTrue();
  }

  private static JsonNode json(Output output) {
    return new Output(output.command(), output.exit(), output.lines().getLast(), output.err()).json();
  }
}
