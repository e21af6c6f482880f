package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command line, and how the process begins and ends.
class FlagsIT {
  @BeforeAll
  static void ownProcess() {
    Cluster.needsOwnProcess();
  }

  @TempDir Path dir;

  private Output thyra(String... flags) {
    return Command.of(Places.LAUNCHER.toString()).with(List.of(flags)).within(Duration.ofSeconds(60)).run();
  }

  private String[] starting(Path dataDir, int port, String... more) {
    var words = new ArrayList<>(ThyraProcess.command(dataDir, port).subList(1, 4));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void listsItsFlags() {
    thyra("--help").ok().says("--secure-port", "--data-dir", "--etcd-servers", "--token-auth-file", "--audit-policy-file");
  }

  @Test
  void saysItsVersion() {
    thyra("--version").ok().matches("v1\\.36\\.3|1\\.36|Kubernetes|Thyra");
  }

  @Test
  void refusesAFlagItDoesNotKnow() {
    thyra("--no-such-flag=1").fails(1).complains("unknown flag: --no-such-flag");
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void refusesAValueThatDoesNotFit() {
    thyra("--secure-port=many").fails(1).complains("--secure-port");
  }

  @Test
  void refusesAnOverrideOfStorageThatItCannotRead() {
    thyra(starting(dir.resolve("data"), ThyraProcess.freePort(), "--etcd-servers=http://127.0.0.1:2379", "--etcd-servers-overrides=events#http://127.0.0.1:2379"))
        .fails(1)
        .complains("--etcd-servers-overrides invalid");
  }

  @Test
  void endsWhenItsPortIsTaken() {
    try (var first = ThyraProcess.start("FlagsIT-port", dir.resolve("first"))) {
      thyra(starting(dir.resolve("second"), first.port())).fails(1).complains(String.valueOf(first.port()));
      assertThat(first.alive()).isTrue();
    }
  }

  @Test
  void endsWhenItsDataIsHeldByAnother() {
    try (var first = ThyraProcess.start("FlagsIT-data", dir.resolve("data"))) {
      thyra(starting(first.dataDir(), ThyraProcess.freePort())).fails(1).complains(first.dataDir().toString());
      assertThat(first.alive()).isTrue();
    }
  }

  @Test
  void keepsItsDataFromOthers() throws IOException {
    try (var server = ThyraProcess.start("FlagsIT-private", dir.resolve("data"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.dataDir()))).isEqualTo("rwx------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(server.dataDir().resolve("kubeconfig")))).isEqualTo("rw-------");
    }
  }

  @Test
  void keepsItsObjectsAndItsIdentityOverARestart() throws IOException {
    try (var server = ThyraProcess.start("FlagsIT-restart", dir.resolve("data"))) {
      String kubeconfig = Files.readString(server.dataDir().resolve("kubeconfig"));
      String made;
      try (var api = new Api(server.kubeconfig())) {
        made = api.post("/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"kept\"},\"data\":{\"a\":\"1\"}}").body();
      }
      assertThat(server.terminate()).isZero();
      server.restart();
      assertThat(Files.readString(server.dataDir().resolve("kubeconfig"))).isEqualTo(kubeconfig);
      try (var api = new Api(server.kubeconfig())) {
        assertThat(api.get("/api/v1/namespaces/default/configmaps/kept").json()).isEqualTo(Output.JSON.readTree(made));
      }
    }
  }

  /// SIGTERM: requests that are under way are answered, watches end, the process ends with 0.
  @Test
  void drainsOnSigterm() throws Exception {
    try (var server = ThyraProcess.start("FlagsIT-drain", dir.resolve("data"));
        var api = new Api(server.kubeconfig());
        var writing = new Api(server.kubeconfig())) {
      var watch = CompletableFuture.supplyAsync(() -> {
        try {
          return api.get("/api/v1/configmaps?watch=true&timeoutSeconds=25").status();
        } catch (IOException e) {
          return -1;
        }
      });
      var acknowledged = new ArrayList<String>();
      var writer = Thread.ofPlatform().start(() -> {
        try {
          for (int n = 0; n < 100_000; n++) {
            if (writing.post("/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"drain-" + n + "\"}}").status() != 201) {
              return;
            }
            synchronized (acknowledged) {
              acknowledged.add("drain-" + n);
            }
          }
        } catch (IOException _) {
          // Gone.
        }
      });
      Eventually.holds(() -> {
        synchronized (acknowledged) {
          assertThat(acknowledged).hasSizeGreaterThan(50);
        }
      });
      long start = System.nanoTime();
      assertThat(server.terminate()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(75));
      writer.join();
      watch.join();
      server.restart();
      try (var again = new Api(server.kubeconfig())) {
        for (String name : acknowledged) {
          assertThat(again.get("/api/v1/namespaces/default/configmaps/" + name).status()).as(name).isEqualTo(200);
        }
      }
    }
  }
}
