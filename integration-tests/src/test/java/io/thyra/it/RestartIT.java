package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Starts the server anew on its store, once in order and once by force, while informers of two Java clients run. What they
/// see is what happened: nothing is missed and nothing told twice.
class RestartIT {
  private static final String NAMESPACE = "restarts";
  private static final String PATH = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";
  /// The clients wait longer from try to try.
  private static final Duration BACK_MAX = Duration.ofMinutes(2);

  private Path home;
  private ThyraProcess server;

  @BeforeEach
  void start() throws IOException {
    home = Files.createTempDirectory("thyra-it-");
    server = ThyraProcess.start("RestartIT", home.resolve("data"));
  }

  @AfterEach
  void stop() {
    server.close();
    Cluster.delete(home);
  }

  private void write(String method, String name, int value) throws IOException {
    String path = method.equals("POST") ? PATH : PATH + "/" + name;
    String body = method.equals("DELETE") ? "" : "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"n\":\"" + value + "\"}}";
    try (var api = new Api(server.kubeconfig())) {
      assertThat(api.send(method, path, body, body.isEmpty() ? "" : "application/json").status()).isIn(200, 201);
    }
  }

  @Test
  void informersSeeEachEventOnce() throws IOException {
    try (var api = new Api(server.kubeconfig())) {
      assertThat(api.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + NAMESPACE + "\"}}").status()).isEqualTo(201);
    }
    write("POST", "before", 0);
    try (Command.Running survivors = JavaProgram.command("Survivors", server.kubeconfig(), NAMESPACE).start()) {
      survivors.awaitLine(BACK_MAX, "READY"::equals);
      write("POST", "kept", 1);
      write("PUT", "before", 1);
      for (String client : List.of("official", "fabric8")) {
        survivors.awaitLine(BACK_MAX, (client + " update before 1")::equals);
      }
      assertThat(server.terminate()).isZero();
      server.restart();
      write("PUT", "kept", 2);
      write("DELETE", "before", 0);
      for (String client : List.of("official", "fabric8")) {
        survivors.awaitLine(BACK_MAX, (client + " update kept 2")::equals);
        survivors.awaitLine(BACK_MAX, (client + " delete before 1")::equals);
      }
      server.kill();
      server.restart();
      write("POST", "after", 3);
      write("PUT", "kept", 3);
      for (String client : List.of("official", "fabric8")) {
        survivors.awaitLine(BACK_MAX, (client + " add after 3")::equals);
        survivors.awaitLine(BACK_MAX, (client + " update kept 3")::equals);
      }
      write("POST", "end", 4);
      survivors.awaitLine(BACK_MAX, "DONE"::equals);
      for (String client : List.of("official", "fabric8")) {
        for (String name : List.of("before", "kept", "after", "end")) {
          assertThat(survivors.written().stream().filter(line -> line.startsWith(client + " ") && line.split(" ")[2].equals(name)))
              .as("%s of %s", name, client)
              .containsExactlyElementsOf(expected(client, name));
        }
      }
    }
  }

  private static List<String> expected(String client, String name) {
    List<String> events =
        switch (name) {
          case "before" -> List.of("add before 0", "update before 1", "delete before 1");
          case "kept" -> List.of("add kept 1", "update kept 2", "update kept 3");
          case "after" -> List.of("add after 3");
          default -> List.of("add end 4");
        };
    return events.stream().map(event -> client + " " + event).toList();
  }
}
