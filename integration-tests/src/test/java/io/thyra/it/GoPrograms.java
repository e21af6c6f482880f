package io.thyra.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The programs of `integration-tests/go`, built on first use into `target/go`. Go's own caches make all builds but the
/// first quick; that one takes minutes. Where Go is not installed the tests that need one are skipped and say so.
final class GoPrograms {
  private static final String VERSION = "v1.36.3";
  private static final Map<String, Path> BUILT = new ConcurrentHashMap<>();

  private GoPrograms() {}

  static Path build(String name) {
    assumeTrue(installed(), "Go is not installed: the tests with kubectl and client-go are skipped (see docs/testing.md)");
    return BUILT.computeIfAbsent(name, GoPrograms::compile);
  }

  private static boolean installed() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
  }

  /// etcd, from the module that the unit tests of its engine build it from.
  static Path buildEtcd() {
    assumeTrue(installed(), "Go is not installed: the tests with etcd are skipped (see docs/testing.md)");
    return BUILT.computeIfAbsent("etcd", name -> compile(name, "-s -w", Places.ROOT.resolve("modules/storage-etcd/src/test/go"), "."));
  }

  private static Path compile(String name) {
    String flags = "-s -w -X k8s.io/component-base/version.gitVersion=" + VERSION + " -X k8s.io/client-go/pkg/version.gitVersion=" + VERSION;
    return compile(name, flags, Places.MODULE.resolve("go"), "./cmd/" + name);
  }

  private static Path compile(String name, String flags, Path folder, String source) {
    Path program = Places.target("go").resolve(name);
    Command.of("go", "build", "-mod=mod", "-buildvcs=false", "-ldflags", flags, "-o", program.toString(), source)
        .in(folder)
        .within(Duration.ofMinutes(20))
        .run()
        .ok();
    return program;
  }
}
