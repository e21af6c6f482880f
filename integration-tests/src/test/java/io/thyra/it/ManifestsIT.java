package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Manifests in the shapes that people deploy: applied they differ in nothing from what is kept, applied again they change
/// nothing, deleted they are gone. Those of `manifests/<name>/` are applied in the order of their file names.
class ManifestsIT {
  private static Cluster cluster;

  @BeforeAll
  static void open() {
    GoPrograms.build("kubectl");
    cluster = Cluster.open(ManifestsIT.class);
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private final Kubectl kubectl = Kubectl.on(cluster);

  @ParameterizedTest
  @ValueSource(strings = {"web", "database", "operator-rbac", "metrics-server", "operator"})
  void appliesDiffersInNothingAndDeletes(String name) {
    play(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "database", "operator"})
  void appliesOnTheServer(String name) {
    play(name, "--server-side");
  }

  private void play(String name, String... how) {
    // What the aggregation layer needs lives where the manifests of such servers put it.
    Kubectl own =
        name.equals("metrics-server")
            ? new Kubectl(kubectl.base(), cluster, "kube-system")
            : kubectl.namespaced("manifests-" + name + "-" + how.length);
    String folder = Places.MODULE.resolve("manifests").resolve(name).toString();
    for (Path file : files(Path.of(folder))) {
      // Objects of a kind that was made a moment ago: people wait for it, so the test does.
      Eventually.holds(() -> own.run(with(how, "apply", "-f", file.toString())).ok());
      if (file.getFileName().toString().contains("crd")) {
        own.run("wait", "--for=condition=Established", "-f", file.toString(), "--timeout=20s").ok();
      }
    }
    own.run(with(how, "diff", "-f", folder)).ok().is("");
    String versions = versions(own, folder);
    own.run(with(how, "apply", "-f", folder)).ok();
    assertThat(versions(own, folder)).as("versions after applying the same again").isEqualTo(versions);
    own.run("delete", "-f", folder, "--wait=false", "--ignore-not-found").ok();
    // The controller that takes the finalizer of claims away is none of an API server's.
    for (String claim : own.run("get", "persistentvolumeclaims", "-o", "name").ok().lines()) {
      own.run("patch", claim, "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}").ok();
    }
    Eventually.holds(() -> own.run("get", "-f", folder, "--ignore-not-found", "-o", "name").doesNotSay("/"));
  }

  /// Name, generation and resourceVersion of each object, but of kinds whose status the server itself keeps, and of claims:
  /// the reference server too writes a claim again that is applied a second time on the server.
  private static String versions(Kubectl kubectl, String folder) {
    return kubectl.run("get", "-f", folder, "-o", "custom-columns=K:.kind,N:.metadata.name,G:.metadata.generation,V:.metadata.resourceVersion").ok().lines().stream()
        .filter(line -> !line.startsWith("APIService") && !line.startsWith("PersistentVolumeClaim") && !line.startsWith("CustomResourceDefinition"))
        .collect(Collectors.joining("\n"));
  }

  private static String[] with(String[] how, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(1, List.of(how));
    return all.toArray(String[]::new);
  }

  private static List<Path> files(Path folder) {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
