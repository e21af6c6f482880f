package io.thyra.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Kills the server in the middle of concurrent writes, starts it again and compares what it has with what it said.
///
/// Each client writes objects of its own, one request at a time, and keeps for each object what the server acknowledged and
/// the one write that got no answer, if any. After the restart an object is in the state of the last acknowledged write, at
/// its resourceVersion, or in that of the write without an answer; nothing that was refused is there; no resource version
/// was given twice; and the server's own resource version has not gone back. `-Dthyra.kills=N` sets how many times,
/// `-Dthyra.seed=S` repeats a run's choices (not its timing).
class KillIT {
  private static final int CLIENTS = 6;
  private static final int OBJECTS_PER_CLIENT = 8;
  private static final String PATH = "/api/v1/namespaces/default/configmaps";

  /// What an object looks like to its writer: absent, or a value at a version.
  private record State(Optional<String> value, String version) {
    static final State ABSENT = new State(Optional.empty(), "");
  }

  /// What is known of an object: the last acknowledged state and, when the last write got no answer, the value it would have
  /// (empty inside for a deletion).
  private record Known(State acknowledged, Optional<Optional<String>> inDoubt) {
    static final Known NOTHING = new Known(State.ABSENT, Optional.empty());

    static Known of(State state) {
      return new Known(state, Optional.empty());
    }

    Known doubting(Optional<String> value) {
      return new Known(acknowledged, Optional.of(value));
    }
  }

  /// A client with its objects. Owned by the thread that runs it, and by the test's while none does.
  private static final class Writer {
    private final int id;
    private final Random random;
    private final Map<String, Known> objects = new TreeMap<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> versions = new ArrayList<>();
    private int writes;

    Writer(int id, long seed) {
      this.id = id;
      this.random = new Random(seed * 31 + id);
      for (int n = 0; n < OBJECTS_PER_CLIENT; n++) {
        objects.put("kill-" + id + "-" + n, Known.NOTHING);
      }
    }

    /// Writes until the server is gone.
    void run(Api api, CountDownLatch started, AtomicInteger total) {
      boolean reachable = true;
      while (reachable) {
        String name = "kill-" + id + "-" + random.nextInt(OBJECTS_PER_CLIENT);
        reachable = write(api, name);
        if (reachable) {
          total.incrementAndGet();
          started.countDown();
        }
      }
    }

    private boolean write(Api api, String name) {
      State state = objects.get(name).acknowledged();
      Optional<String> next = state.value().isPresent() && random.nextInt(8) == 0 ? Optional.empty() : Optional.of(id + "-" + ++writes);
      try {
        if (random.nextInt(5) == 0) {
          refuse(api, name, state);
        }
        Api.Answer answer;
        if (next.isEmpty()) {
          answer = api.delete(PATH + "/" + name);
        } else if (state.value().isEmpty()) {
          answer = api.post(PATH, object(name, next.get(), ""));
        } else {
          answer = api.put(PATH + "/" + name, object(name, next.get(), state.version()));
        }
        if (answer.status() >= 500 || answer.status() == 429) {
          // The server is going; whether the write happened is not said.
          objects.put(name, objects.get(name).doubting(next));
          return false;
        }
        assertThat(answer.status()).as(answer.body()).isIn(200, 201);
        State now = next.isEmpty() ? State.ABSENT : new State(next, answer.json().at("/metadata/resourceVersion").asText());
        if (next.isPresent()) {
          versions.add(now.version());
        }
        objects.put(name, Known.of(now));
        return true;
      } catch (IOException _) {
        objects.put(name, objects.get(name).doubting(next));
        return false;
      }
    }

    /// A write that must not happen: over an existing object, or at a version that is not the object's.
    private void refuse(Api api, String name, State state) throws IOException {
      String value = "refused-" + id + "-" + ++writes;
      refused.add(value);
      Api.Answer answer = state.value().isPresent() ? api.post(PATH, object(name, value, "")) : api.put(PATH + "/" + name, object(name, value, "1"));
      assertThat(answer.status()).as(answer.body()).isGreaterThanOrEqualTo(400);
    }

    private static String object(String name, String value, String version) {
      String at = version.isEmpty() ? "" : ",\"resourceVersion\":\"" + version + "\"";
      // Enough bytes that a torn write shows.
      return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"%s,\"labels\":{\"it\":\"kill\"}},\"data\":{\"value\":\"%s\",\"filler\":\"%s\"}}"
          .formatted(name, at, value, (value + ".").repeat(40));
    }

    /// Compares with what the server has after a restart, and takes that as the acknowledged state.
    void compare(Map<String, State> stored) {
      for (Map.Entry<String, Known> entry : objects.entrySet()) {
        Known known = entry.getValue();
        State is = stored.getOrDefault(entry.getKey(), State.ABSENT);
        boolean asAcknowledged = is.equals(known.acknowledged());
        boolean asInDoubt = known.inDoubt().filter(value -> value.equals(is.value())).isPresent();
        assertThat(asAcknowledged || asInDoubt).as("%s is %s; known: %s", entry.getKey(), is, known).isTrue();
        is.value().ifPresent(value -> assertThat(refused).as(entry.getKey()).doesNotContain(value));
        entry.setValue(Known.of(is));
      }
    }
  }

  @Test
  void keepsEveryAcknowledgedWrite() throws Exception {
    Cluster.needsOwnProcess();
    int kills = Integer.getInteger("thyra.kills", 20);
    String given = System.getProperty("thyra.seed", "");
    long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    System.out.printf("KillIT: %d kills, seed %d (-Dthyra.seed=%d repeats its choices)%n", kills, seed, seed);
    Path home = Files.createTempDirectory("thyra-kill-");
    Random random = new Random(seed);
    var writers = new ArrayList<Writer>();
    for (int id = 0; id < CLIENTS; id++) {
      writers.add(new Writer(id, seed));
    }
    var total = new AtomicInteger();
    try (ThyraProcess server = ThyraProcess.start("KillIT", home.resolve("data"))) {
      long revision = 0;
      for (int kill = 1; kill <= kills; kill++) {
        writeUntilKilled(server, writers, random, total);
        server.restart();
        revision = compare(server, writers, revision, "kill " + kill + " of seed " + seed);
      }
      var versions = writers.stream().flatMap(writer -> writer.versions.stream()).toList();
      assertThat(versions).as("resource versions of acknowledged writes").doesNotHaveDuplicates();
      assertThat(server.terminate()).isZero();
    } finally {
      Cluster.delete(home);
    }
    System.out.printf("KillIT: %d acknowledged writes are there%n", total.get());
  }

  private static void writeUntilKilled(ThyraProcess server, List<Writer> writers, Random random, AtomicInteger total) throws Exception {
    var started = new CountDownLatch(20 + random.nextInt(200));
    var failures = new ArrayList<Throwable>();
    var threads = new ArrayList<Thread>();
    for (Writer writer : writers) {
      threads.add(Thread.ofPlatform().start(() -> {
        try (var api = new Api(server.kubeconfig())) {
          writer.run(api, started, total);
        } catch (Throwable e) {
          synchronized (failures) {
            failures.add(e);
          }
        }
      }));
    }
    started.await(30, TimeUnit.SECONDS);
    Thread.sleep(random.nextInt(30));
    server.kill();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  private static long compare(ThyraProcess server, List<Writer> writers, long before, String when) throws IOException {
    try (var api = new Api(server.kubeconfig())) {
      JsonNode list = api.get(PATH + "?labelSelector=it%3Dkill").json();
      var stored = new TreeMap<String, State>();
      for (JsonNode item : list.get("items")) {
        String value = item.at("/data/value").asText();
        assertThat(item.at("/data/filler").asText()).as(when).isEqualTo((value + ".").repeat(40));
        stored.put(item.at("/metadata/name").asText(), new State(Optional.of(value), item.at("/metadata/resourceVersion").asText()));
      }
      long revision = list.at("/metadata/resourceVersion").asLong();
      assertThat(revision).as(when).isGreaterThanOrEqualTo(before);
      for (Writer writer : writers) {
        writer.compare(stored);
        for (String version : writer.versions) {
          assertThat(Long.parseLong(version)).as(when).isLessThanOrEqualTo(revision);
        }
      }
      return revision;
    }
  }
}
