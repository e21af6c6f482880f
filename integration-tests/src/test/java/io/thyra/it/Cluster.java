package io.thyra.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// The server that a test class talks to: a [ThyraProcess] of its own with an empty store or, with
/// `-Dthyra.it.kubeconfig=FILE`, whatever that file names. The second proves the tests themselves on another server;
/// `-Dthyra.it.controllers=false` says that nothing runs there but the API.
final class Cluster implements AutoCloseable {
  private final Kubeconfig kubeconfig;
  private final Optional<ThyraProcess> process;
  private final Path home;

  private Cluster(Kubeconfig kubeconfig, Optional<ThyraProcess> process, Path home) {
    this.kubeconfig = kubeconfig;
    this.process = process;
    this.home = home;
  }

  static Cluster open(Class<?> test) {
    try {
      Path home = Files.createTempDirectory("thyra-it-");
      String given = System.getProperty("thyra.it.kubeconfig", "");
      if (!given.isEmpty()) {
        return new Cluster(Kubeconfig.read(Path.of(given)), Optional.empty(), home);
      }
      ThyraProcess process = ThyraProcess.start(test.getSimpleName(), home.resolve("data"));
      return new Cluster(process.kubeconfig(), Optional.of(process), home);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Kubeconfig kubeconfig() {
    return kubeconfig;
  }

  /// A folder for what clients keep; goes with the cluster.
  Path home() {
    return home;
  }

  static boolean hasControllers() {
    return Boolean.parseBoolean(System.getProperty("thyra.it.controllers", "true"));
  }

  /// Skips a test of what a controller does where none runs.
  static void needsControllers() {
    assumeTrue(hasControllers(), "no controllers run beside this server");
  }

  /// Skips a test of the process where the server was started by somebody else.
  static void needsOwnProcess() {
    assumeTrue(System.getProperty("thyra.it.kubeconfig", "").isEmpty(), "the server is not started by the tests");
  }

  @Override
  public void close() {
    try {
      process.ifPresent(ThyraProcess::close);
    } finally {
      delete(home);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
