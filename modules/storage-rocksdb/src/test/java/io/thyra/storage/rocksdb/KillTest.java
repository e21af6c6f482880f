package io.thyra.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.ListRequest;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.Stored;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.RecordingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process at random moments, always over the same directory, and compares what is left with what was
/// acknowledged. `-Dthyra.kills` says how often, `-Dseed` replays the moments.
class KillTest {
  @TempDir Path directory;

  /// What may be in a key: what was acknowledged last, or the write that was under way.
  private static final class Expected {
    String acknowledged = "";
    long revision;
    @Nullable String underWay;
  }

  private final Map<String, Expected> expected = new HashMap<>();
  private long acknowledgedRevision = 1;
  private int acknowledgements;

  @Test
  void keepsWhatWasAcknowledgedAndNothingThatWasRefused() throws IOException, InterruptedException {
    Long given = Long.getLong("seed");
    long seed = given != null ? given : System.nanoTime();
    Random random = new Random(seed);
    int kills = Integer.getInteger("thyra.kills", 3);
    for (int kill = 0; kill < kills; kill++) {
      runAndKill(random.nextLong(1L << 40), 200 + random.nextInt(4_000));
      try {
        verify();
      } catch (AssertionError e) {
        throw new AssertionError("kill " + kill + ", replay with -Dseed=" + seed + ": " + e.getMessage(), e);
      }
    }
    assertThat(acknowledgements).isGreaterThan(kills * 10);
  }

  /// Runs the writer until it has printed some lines, kills it, and reads the rest of what it printed.
  private void runAndKill(long seed, int lines) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                KillTarget.class.getName(),
                directory.toString(),
                Long.toString(seed))
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      int read = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        note(line);
        if (++read == lines) {
          // By its handle: the process itself would close the pipe, and with it the last acknowledgements.
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
  }

  private void note(String line) {
    String[] words = line.split(" ", -1);
    // The last line may be cut off; then its write is still under way.
    switch (words[0]) {
      case "start" -> {
        if (words.length == 3) {
          expected.computeIfAbsent(words[1], _ -> new Expected()).underWay = words[2];
        }
      }
      case "ok" -> {
        if (words.length == 4 && words[3].equals(expected.get(words[1]).underWay)) {
          Expected key = expected.get(words[1]);
          key.acknowledged = words[3];
          key.revision = Long.parseLong(words[2]);
          key.underWay = null;
          acknowledgedRevision = Math.max(acknowledgedRevision, key.revision);
          acknowledgements++;
        }
      }
      case "no" -> {
        if (words.length == 3) {
          expected.get(words[1]).underWay = null;
        }
      }
      default -> throw new AssertionError("the writer said " + line);
    }
  }

  private void verify() {
    // More history than the writer keeps, so that nothing is forgotten while this looks.
    RocksOptions options = RocksOptions.DEFAULT.withHistory(5_000, 64 << 20);
    RocksStorage storage = RocksStorage.open(directory, options, Clock.systemUTC());
    try {
      assertThat(storage.revision()).isGreaterThanOrEqualTo(acknowledgedRevision);
      List<Stored> all = Await.result(storage.list(ListRequest.all("/registry/"))).items();
      Map<String, Stored> found = new HashMap<>();
      all.forEach(each -> found.put(each.key(), each));
      assertThat(expected.keySet()).containsAll(found.keySet());
      expected.forEach((key, wanted) -> verifyKey(key, wanted, found.get(key)));
      RecordingListener history = new RecordingListener();
      storage.watch("/registry/", storage.compactedRevision(), history);
      // An empty store is at revision 1, which no write has.
      long first = Math.max(storage.compactedRevision(), 1) + 1;
      assertThat(history.awaitRevision(storage.revision()).stream().mapToLong(StorageEvent::revision))
          .containsExactly(LongStream.rangeClosed(first, storage.revision()).boxed().toArray(Long[]::new));
    } finally {
      Await.result(storage.close());
    }
  }

  private static void verifyKey(String key, Expected wanted, @Nullable Stored found) {
    String text = found == null ? "" : found.value().toString();
    if (text.equals(wanted.acknowledged) && (found == null || found.modRevision() == wanted.revision)) {
      wanted.underWay = null;
      return;
    }
    assertThat(text).as("%s, acknowledged as %s", key, wanted.acknowledged).isEqualTo(wanted.underWay);
    wanted.acknowledged = text;
    wanted.revision = found == null ? 0 : found.modRevision();
    wanted.underWay = null;
  }
}
