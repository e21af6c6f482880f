package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    Kubectl own = kubectl.namespaced("manifests-" + name + "-" + how.length);
    Path folder = Places.MODULE.resolve("manifests").resolve(name);
    // An object of a kind that was made a moment ago: people wait for it, so the test does.
    for (Path file : files(folder)) {
      Eventually.holds(() -> own.run(with(how, "apply", "-f", file.toString())).ok());
      if (file.getFileName().toString().contains("crd")) {
        own.run("wait", "--for=condition=Established", "-f", file.toString(), "--timeout=20s").ok();
      }
    }
    own.run(with(how, "diff", "-f", folder.toString())).ok().is("");
    Output again = own.run(with(how, "apply", "-f", folder.toString())).ok();
    assertThat(again.lines()).allSatisfy(line -> assertThat(line).endsWith(how.length == 0 ? " unchanged" : " serverside-applied"));
    own.run("get", "-f", folder.toString()).ok();
    own.run("delete", "-f", folder.toString(), "--timeout=60s").ok();
    own.run("get", "-f", folder.toString(), "--ignore-not-found", "-o", "name").doesNotSay("/");
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
