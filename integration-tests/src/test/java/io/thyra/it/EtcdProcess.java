package io.thyra.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An etcd of one member on ports of 127.0.0.1. Its log is `target/servers/etcd-<name>.log`. Owned by the test that started it.
final class EtcdProcess implements AutoCloseable {
  private final Path program;
  private final Path dataDir;
  private final Path log;
  private final int port = ThyraProcess.freePort();
  private final int peerPort = ThyraProcess.freePort();
  private Process process;

  private EtcdProcess(Path program, Path dataDir, Path log) {
    this.program = program;
    this.dataDir = dataDir;
    this.log = log;
    this.process = launch();
  }

  /// Starts an empty one; who connects waits until it serves. Skips the test where etcd cannot be built.
  static EtcdProcess start(String name, Path dataDir) {
    return new EtcdProcess(GoPrograms.buildEtcd(), dataDir, Places.target("servers").resolve("etcd-" + name + ".log"));
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  private Process launch() {
    String peer = "http://127.0.0.1:" + peerPort;
    List<String> words =
        List.of(
            program.toString(),
            "--name=it",
            "--data-dir=" + dataDir,
            "--listen-client-urls=" + url(),
            "--advertise-client-urls=" + url(),
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=it=" + peer,
            "--log-level=warn");
    try {
      return Children.watch(
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// SIGKILL, and a start on the same files.
  void killAndRestart() {
    kill();
    process = launch();
  }

  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
