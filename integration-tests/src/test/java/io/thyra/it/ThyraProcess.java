package io.thyra.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server as its users start it: `./thyra` on a port of 127.0.0.1 with a data folder of its own and the default
/// configuration. Its log is `target/servers/<name>.log`, of all its starts. Owned by the test that started it.
final class ThyraProcess implements AutoCloseable {
  /// With a cold disk and a busy machine; a start takes about a second.
  private static final Duration READY_MAX = Duration.ofSeconds(90);

  private static final Duration STOP_MAX = Duration.ofSeconds(90);

  private final Path dataDir;
  private final Path log;
  private final int port;
  private final List<String> flags;
  private Process process;

  private ThyraProcess(Path dataDir, Path log, int port, List<String> flags) {
    this.dataDir = dataDir;
    this.log = log;
    this.port = port;
    this.flags = flags;
    this.process = launch();
  }

  /// Starts a server and waits until it is ready.
  static ThyraProcess start(String name, Path dataDir, String... flags) {
    Path log = Places.target("servers").resolve(name + ".log");
    int port = freePort();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var server = new ThyraProcess(dataDir, log, port, List.of(flags));
    server.awaitReady();
    return server;
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The command that starts a server; more flags may follow.
  static List<String> command(Path dataDir, int port) {
    return List.of(Places.LAUNCHER.toString(), "--data-dir=" + dataDir, "--bind-address=127.0.0.1", "--secure-port=" + port);
  }

  private Process launch() {
    try {
      var words = new ArrayList<>(command(dataDir, port));
      words.addAll(flags);
      var builder = new ProcessBuilder(words).directory(Places.ROOT.toFile()).redirectErrorStream(true);
      Files.writeString(log, "--- start\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      return Children.watch(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    long end = System.nanoTime() + READY_MAX.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(dataDir.resolve("kubeconfig"))) {
        try (var api = new Api(kubeconfig())) {
          if (api.get("/readyz").status() == 200) {
            return;
          }
        } catch (IOException _) {
          // Not listening yet.
        }
      }
      sleep(20);
    }
    String why = process.isAlive() ? "is not ready after " + READY_MAX : "ended with " + process.exitValue();
    process.destroyForcibly();
    throw new AssertionError("the server " + why + "; the end of " + log + ":\n" + logTail());
  }

  Kubeconfig kubeconfig() {
    try {
      return Kubeconfig.read(dataDir.resolve("kubeconfig"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  Path dataDir() {
    return dataDir;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /// SIGKILL: nothing of the process runs after this returns.
  void kill() {
    process.destroyForcibly();
    await(Duration.ofSeconds(30));
  }

  /// SIGTERM; the exit code once it has ended.
  int terminate() {
    process.destroy();
    return await(STOP_MAX);
  }

  /// Starts it again on the same folder and port.
  void restart() {
    process = launch();
    awaitReady();
  }

  private int await(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the server did not end within " + limit + "; the end of " + log + ":\n" + logTail());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      terminate();
    }
  }
}
