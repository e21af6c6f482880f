package io.thyra.storage.etcd;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An etcd of one member on a port of 127.0.0.1, built from its Go module into `target/go` at first use. Without fsync: what is
/// tested is the engine, not etcd's disk. Where it cannot be built the tests that need it are skipped and say so.
final class EtcdServer implements AutoCloseable {
  private static final long BUILD_MINUTES_MAX = 20;
  private static final long START_SECONDS_MAX = 60;
  private static @Nullable Path program;

  private final Path directory;
  private final int port;
  private final int peerPort;
  private Process process;

  private EtcdServer(Path directory) throws IOException {
    this.directory = directory;
    this.port = freePort();
    this.peerPort = freePort();
    this.process = launch();
  }

  /// Starts an empty one and waits until it serves.
  static EtcdServer start(Path directory) {
    build();
    try {
      return new EtcdServer(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized void build() {
    if (program != null) {
      return;
    }
    boolean go = Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
    assumeTrue(go, "Go is not installed: the tests with etcd are skipped (see docs/testing.md)");
    try {
      Path built = Path.of("target", "go", "etcd").toAbsolutePath();
      Files.createDirectories(built.getParent());
      Path log = built.resolveSibling("etcd-build.log");
      Process build =
          new ProcessBuilder("go", "build", "-mod=mod", "-buildvcs=false", "-ldflags", "-s -w", "-o", built.toString(), ".")
              .directory(Path.of("src", "test", "go").toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = build.waitFor(BUILD_MINUTES_MAX, TimeUnit.MINUTES);
      assumeTrue(ended && build.exitValue() == 0, () -> "etcd cannot be built, its tests are skipped: see " + log);
      program = built;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> command =
        new ArrayList<>(
            List.of(
                String.valueOf(program),
                "--name=test",
                "--data-dir=" + directory,
                "--listen-client-urls=" + uri(),
                "--advertise-client-urls=" + uri(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=test=" + peer,
                "--unsafe-no-fsync",
                "--heartbeat-interval=10",
                "--election-timeout=100",
                "--log-level=warn"));
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("target", "etcd.log")))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
    return started;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  long pid() {
    return process.pid();
  }

  /// SIGKILL; what it had acknowledged is in its files.
  void kill() {
    process.destroyForcibly();
    await();
  }

  void restart() {
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await() {
    try {
      process.waitFor(START_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
