package io.thyra.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.thyra.storage.rocksdb.RocksOptions;
import io.thyra.storage.rocksdb.RocksStorage;
import io.thyra.storage.testkit.Await;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cache over the embedded engine, with its real threads.
class CacheOnDiskTest {
  private static final String PODS = "/registry/pods/";

  @TempDir Path directory;

  private static ResourceCache cache(RocksStorage storage) {
    ResourceCache cache =
        new ResourceCache(
            storage, PODS, _ -> Attributes.NONE, CacheOptions.DEFAULT, Clock.systemUTC(), (_, _) -> () -> {});
    Await.result(cache.start());
    return cache;
  }

  @Test
  void whoeverHasTheAnswerOfAWriteSeesItInTheCache() {
    RocksStorage storage = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
    ResourceCache cache = cache(storage);
    ConcurrentLinkedQueue<String> late = new ConcurrentLinkedQueue<>();
    List<Future<?>> writes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      String key = PODS + i;
      writes.add(
          storage
              .put(key, 0, Buffer.buffer("1"), Duration.ZERO)
              .onSuccess(
                  result -> {
                    long revision = ((WriteResult.Written) result).revision();
                    if (cache.revision() < revision
                        || cache.snapshot().find(key).map(CachedObject::modRevision).orElse(0L) != revision) {
                      late.add(key);
                    }
                  }));
    }
    writes.forEach(Await::result);

    assertThat(late).isEmpty();
    Await.result(storage.close());
  }

  @Test
  void readersAndCursorsSeeOneOrderWhileWritersWrite() throws InterruptedException {
    RocksStorage storage = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
    ResourceCache cache = cache(storage);
    AtomicBoolean done = new AtomicBoolean();
    ConcurrentLinkedQueue<String> offences = new ConcurrentLinkedQueue<>();
    int watchers = 4;
    int writes = 2_000;
    CountDownLatch finished = new CountDownLatch(watchers);
    for (int i = 0; i < watchers; i++) {
      new Watcher(Await.result(cache.open(PODS, 1)), writes, offences, finished).pull();
    }
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  long seen = 0;
                  while (!done.get()) {
                    Snapshot snapshot = cache.snapshot();
                    long newest = 0;
                    int size = 0;
                    for (CachedObject object : snapshot.range(PODS)) {
                      newest = Math.max(newest, object.modRevision());
                      size++;
                    }
                    if (snapshot.revision() < seen || newest > snapshot.revision() || size != snapshot.size()) {
                      offences.add("a snapshot of " + snapshot.revision() + " after " + seen + " with " + newest);
                    }
                    cache
                        .snapshotAt(Math.max(cache.oldestRevision(), snapshot.revision() - 20))
                        .filter(old -> old.size() > snapshot.size())
                        .ifPresent(old -> offences.add("a larger old snapshot"));
                    seen = snapshot.revision();
                  }
                });
    List<Future<WriteResult>> all = new ArrayList<>();
    for (int i = 0; i < writes; i++) {
      all.add(storage.put(PODS + i % 7 + "/" + i, 0, Buffer.buffer("v"), Duration.ZERO));
    }
    all.forEach(Await::result);
    assertThat(finished.await(20, TimeUnit.SECONDS)).isTrue();
    done.set(true);
    reader.join();

    assertThat(offences).isEmpty();
    assertThat(cache.snapshot().size()).isEqualTo(writes);
    Await.result(storage.close());
  }

  /// Pulls a few events at a time and sleeps between.
  private static final class Watcher {
    private final Cursor cursor;
    private final ConcurrentLinkedQueue<String> offences;
    private final CountDownLatch finished;
    private long expected = 2;
    private final long last;

    Watcher(Cursor cursor, int writes, ConcurrentLinkedQueue<String> offences, CountDownLatch finished) {
      this.cursor = cursor;
      this.last = 1 + writes;
      this.offences = offences;
      this.finished = finished;
    }

    void pull() {
      while (true) {
        switch (cursor.next(10)) {
          case Pull.Expired expired -> {
            offences.add("expired at " + cursor.revision() + ", oldest " + expired.oldest());
            finished.countDown();
            return;
          }
          case Pull.Events events -> {
            for (CacheEvent event : events.events()) {
              if (event.revision() != expected++) {
                offences.add("revision " + event.revision() + " instead of " + (expected - 1));
              }
            }
            if (events.revision() == last) {
              finished.countDown();
              return;
            }
            if (!events.more()) {
              cursor.onWake(() -> Thread.startVirtualThread(this::pull));
              return;
            }
          }
        }
      }
    }
  }

  @Test
  void aWatcherGoesOnWhereItWasAfterARestart() {
    RocksStorage storage = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
    long revision = 0;
    for (int i = 0; i < 20; i++) {
      revision = ((WriteResult.Written) Await.result(storage.put(PODS + "a", revision, Buffer.buffer("v" + i), Duration.ZERO))).revision();
    }
    Await.result(storage.close());
    RocksStorage again = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
    ResourceCache cache = cache(again);

    Pull.Events events = (Pull.Events) Await.result(cache.open(PODS, 11)).next(100);
    assertThat(events.events()).extracting(CacheEvent::revision).containsExactly(12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L, 21L);
    assertThat(events.events().getFirst().previous().map(CachedObject::stored).map(Stored::modRevision)).contains(11L);
    Await.result(again.close());
  }
}
