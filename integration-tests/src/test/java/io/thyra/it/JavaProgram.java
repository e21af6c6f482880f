package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/// A program of `java-clients`, in a JVM of its own with its own class path. It writes `PASS name millis` or
/// `FAIL name reason` for each of its scenarios; each becomes a test.
final class JavaProgram {
  private JavaProgram() {}

  static Stream<DynamicTest> play(String program, Cluster cluster, String namespace) {
    try (var api = new Api(cluster.kubeconfig())) {
      assertThat(api.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}").status()).isIn(201, 409);
      if (!Cluster.hasControllers()) {
        api.post("/api/v1/namespaces/" + namespace + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
      }
      Eventually.holds(() -> assertThat(api.get("/api/v1/namespaces/" + namespace + "/serviceaccounts/default").status()).isEqualTo(200));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Output output = command(program, cluster.kubeconfig(), namespace).within(Duration.ofMinutes(3)).run();
    List<String> results = output.lines().stream().filter(line -> line.startsWith("PASS ") || line.startsWith("FAIL ")).toList();
    assertThat(results).as(output.toString()).isNotEmpty();
    return results.stream().map(line -> DynamicTest.dynamicTest(line.split(" ")[1], () -> assertThat(line).as(output.err()).startsWith("PASS ")));
  }

  static Command command(String program, Kubeconfig kubeconfig, String namespace) {
    Path target = Places.MODULE.resolve("java-clients").resolve("target");
    assertThat(Files.isDirectory(target.resolve("lib"))).as("java-clients is packaged before these tests").isTrue();
    return Command.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        target.resolve("classes") + ":" + target.resolve("lib") + "/*",
        "io.thyra.it.clients." + program,
        kubeconfig.file().toString(),
        namespace);
  }
}
