package io.thyra.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Does the same random operations to an engine and to the model and compares every answer and every watch.
public final class RandomOperations {
  private static final String[] PREFIXES = {"/registry/", "/registry/pods/", "/registry/pods/a/", "/registry/events/"};

  private final Storage engine;
  private final ModelStorage model;
  private final TestClock clock;
  private final Runnable clockMoved;
  private final Random random;
  private final List<Pair> watches = new ArrayList<>();

  /// @param engine an empty store on the same clock
  /// @param clockMoved tells the engine that the clock moved
  public RandomOperations(Storage engine, TestClock clock, Runnable clockMoved, long seed) {
    this.engine = engine;
    this.clock = clock;
    this.clockMoved = clockMoved;
    this.model = new ModelStorage(clock);
    this.random = new Random(seed);
  }

  private record Pair(RecordingListener engine, RecordingListener model) {}

  public void run(int operations) {
    for (int i = 0; i < operations; i++) {
      step();
      assertThat(engine.revision()).as("revision after step %d", i).isEqualTo(model.revision());
    }
    for (Pair watch : watches) {
      if (watch.model.end().isPresent()) {
        assertThat(watch.engine.awaitEnd()).isInstanceOf(watch.model.end().get().getClass());
      } else if (!watch.model.events().isEmpty()) {
        watch.engine.awaitRevision(watch.model.events().getLast().revision());
      }
      assertThat(watch.engine.events()).isEqualTo(watch.model.events());
    }
  }

  private void step() {
    String key = key();
    long expected = expected(key);
    Buffer value = Buffer.buffer(Long.toString(random.nextLong(), 36).repeat(1 + random.nextInt(20)));
    int dice = random.nextInt(100);
    if (dice < 50) {
      Duration ttl = random.nextInt(6) == 0 ? Duration.ofSeconds(1 + random.nextInt(50)) : Duration.ZERO;
      same(engine.put(key, expected, value, ttl), model.put(key, expected, value, ttl));
    } else if (dice < 65) {
      same(engine.delete(key, expected), model.delete(key, expected));
    } else if (dice < 72) {
      same(engine.get(key), model.get(key));
    } else if (dice < 90) {
      ListRequest request = request(key);
      same(engine.list(request), model.list(request));
    } else if (dice < 93) {
      watch();
    } else if (dice < 94) {
      long revision = revision();
      same(engine.compact(revision), model.compact(revision));
      assertThat(engine.compactedRevision()).isEqualTo(model.compactedRevision());
    } else {
      advance();
    }
  }

  private void watch() {
    String prefix = PREFIXES[random.nextInt(PREFIXES.length)];
    long after = revision();
    Pair pair = new Pair(new RecordingListener(), new RecordingListener());
    watches.add(pair);
    engine.watch(prefix, after, pair.engine);
    model.watch(prefix, after, pair.model);
    // A later compaction may overtake a watch that has not caught up yet; that is allowed but not comparable.
    if (pair.model.end().isEmpty() && after <= model.revision()) {
      pair.engine.awaitRevision(model.revision());
    }
  }

  private void advance() {
    clock.advance(Duration.ofSeconds(random.nextInt(20)));
    model.expire();
    RecordingListener expired = new RecordingListener();
    engine.watch("/registry/", engine.revision(), expired);
    clockMoved.run();
    expired.awaitRevision(model.revision());
  }

  private String key() {
    String resource = random.nextInt(4) == 0 ? "events/" : "pods/";
    return "/registry/" + resource + (char) ('a' + random.nextInt(3)) + "/" + random.nextInt(12);
  }

  /// Mostly what is there.
  private long expected(String key) {
    long actual = Await.result(model.get(key)).map(Stored::modRevision).orElse(0L);
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> Math.max(0, actual - 1);
      default -> actual;
    };
  }

  private long revision() {
    return Math.max(1, model.revision() + 2 - random.nextInt(60));
  }

  private ListRequest request(String key) {
    String prefix = PREFIXES[random.nextInt(PREFIXES.length)];
    String start = random.nextBoolean() ? prefix : key.startsWith(prefix) ? key + "\0" : prefix;
    return new ListRequest(prefix, start, random.nextInt(6), random.nextBoolean() ? 0 : revision(), random.nextBoolean());
  }

  private static <T> void same(Future<T> engine, Future<T> model) {
    AsyncResult<T> expected = model;
    if (expected.succeeded()) {
      assertThat(Await.result(engine)).isEqualTo(expected.result());
    } else {
      Throwable failure = Await.failure(engine);
      assertThat(failure).isInstanceOf(StorageException.class);
      assertThat(failure.toString()).isEqualTo(expected.cause().toString());
    }
  }
}
