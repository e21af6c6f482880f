package io.thyra.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.thyra.storage.WriteResult;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.ModelStorage;
import io.thyra.storage.testkit.TestClock;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResourceCacheTest {
  private static final String PODS = "/registry/pods/";
  private static final EncodingKey JSON = new EncodingKey("json", "v1");
  private static final CacheOptions SMALL =
      new CacheOptions(10, 40, 1 << 20, Duration.ofSeconds(75), 100_000, Duration.ofMillis(50), Duration.ofSeconds(5));

  private final TestClock clock = new TestClock();
  private final ManualTimers timers = new ManualTimers();
  private final ModelStorage storage = new ModelStorage(clock);
  private ResourceCache cache = cache(storage, SMALL);

  private ResourceCache cache(Storage storage, CacheOptions options) {
    return new ResourceCache(storage, PODS, ResourceCacheTest::extract, options, clock, timers);
  }

  private static Attributes extract(Stored stored) {
    if (stored.value().toString().equals("broken")) {
      throw new IllegalStateException("cannot be decoded");
    }
    return new Attributes(Map.of("value", stored.value().toString()), Map.of());
  }

  @BeforeEach
  void start() {
    Await.result(cache.start());
  }

  private long put(String name, String value) {
    return put(storage, name, value);
  }

  private static long put(Storage storage, String name, String value) {
    String key = PODS + name;
    long expected = Await.result(storage.get(key)).map(Stored::modRevision).orElse(0L);
    return ((WriteResult.Written) Await.result(storage.put(key, expected, Buffer.buffer(value), Duration.ZERO))).revision();
  }

  private long delete(String name) {
    long expected = Await.result(storage.get(PODS + name)).map(Stored::modRevision).orElse(0L);
    return ((WriteResult.Written) Await.result(storage.delete(PODS + name, expected))).revision();
  }

  private static List<String> values(Snapshot snapshot) {
    List<String> values = new ArrayList<>();
    snapshot.range(PODS).forEach(each -> values.add(each.key().substring(PODS.length()) + "=" + each.value()));
    return values;
  }

  private Cursor open(String scope, long after) {
    return Await.result(cache.open(scope, after));
  }

  private static List<String> events(Pull pull) {
    return ((Pull.Events) pull).events().stream().map(CacheEvent::toString).toList();
  }

  // Snapshots.

  @Test
  void showsAWriteThatItsWriterKnowsOf() {
    long revision = put("a/x", "1");

    assertThat(cache.revision()).isEqualTo(revision);
    CachedObject object = cache.snapshot().find(PODS + "a/x").orElseThrow();
    assertThat(object.namespace()).isEqualTo("a");
    assertThat(object.name()).isEqualTo("x");
    assertThat(object.modRevision()).isEqualTo(revision);
    assertThat(object.labels()).containsEntry("value", "1");
  }

  @Test
  void beginsWithWhatIsStored() {
    put("a/x", "1");
    put("b", "2");
    ResourceCache late = cache(storage, SMALL);
    assertThat(late.snapshot().size()).isZero();
    Await.result(late.start());

    assertThat(values(late.snapshot())).containsExactly("a/x=1", "b=2");
    assertThat(late.revision()).isEqualTo(storage.revision());
    assertThat(late.snapshot().find(PODS + "b").orElseThrow().namespace()).isEmpty();
  }

  @Test
  void fetchesWhatWasBeforeItBegan() {
    put("a", "1");
    long asked = put("b", "1");
    put("b", "2");
    put("c", "1");
    ResourceCache late = cache(storage, SMALL);
    Await.result(late.start());
    assertThat(late.snapshotAt(asked)).isEmpty();

    Snapshot old = Await.result(late.fetchSnapshotAt(asked));

    assertThat(old.revision()).isEqualTo(asked);
    assertThat(values(old)).containsExactly("a=1", "b=1");
    // What did not change is not held twice, and nobody asks for it twice.
    assertThat(old.find(PODS + "a").orElseThrow()).isSameAs(late.snapshot().find(PODS + "a").orElseThrow());
    assertThat(Await.result(late.fetchSnapshotAt(asked))).isSameAs(old);
    assertThat(values(Await.result(late.fetchSnapshotAt(late.revision())))).containsExactly("a=1", "b=2", "c=1");
    late.stop();
  }

  @Test
  void answersNothingFromBeforeANewResource() {
    long asked = put("a", "1");
    put("a", "2");
    ResourceCache born = cache(storage, SMALL).ofNewResource();
    Await.result(born.start());

    assertThat(Await.failure(born.open(PODS, asked))).isInstanceOf(StorageException.Compacted.class);
    try (Cursor cursor = Await.result(born.open(PODS, born.revision()))) {
      assertThat(cursor.revision()).isEqualTo(born.revision());
    }
    born.stop();
  }

  @Test
  void doesNotFetchWhatIsCompacted() {
    long asked = put("a", "1");
    put("a", "2");
    ResourceCache late = cache(storage, SMALL);
    Await.result(late.start());
    assertThat(values(Await.result(late.fetchSnapshotAt(asked)))).containsExactly("a=1");
    Await.result(storage.compact(storage.revision()));
    assertThatThrownBy(() -> Await.result(late.fetchSnapshotAt(asked))).hasMessageContaining("older than the oldest kept");
    late.stop();
  }

  @Test
  void aSnapshotStaysAsItWas() {
    put("a", "1");
    Snapshot before = cache.snapshot();
    put("a", "2");
    put("b", "2");
    delete("a");

    assertThat(values(before)).containsExactly("a=1");
    assertThat(values(cache.snapshot())).containsExactly("b=2");
  }

  @Test
  void followsTheRevisionWhenOtherResourcesChange() {
    Await.result(storage.put("/registry/secrets/a", 0, Buffer.buffer("1"), Duration.ZERO));

    assertThat(cache.revision()).isEqualTo(2);
    assertThat(cache.historySize()).isZero();
  }

  @Test
  void countsAndIteratesRanges() {
    for (String name : List.of("a/1", "a/2", "a/3", "ab/1", "b/1")) {
      put(name, "1");
    }
    Snapshot snapshot = cache.snapshot();

    assertThat(snapshot.count(PODS + "a/")).isEqualTo(3);
    assertThat(snapshot.countFrom(PODS + "a/", PODS + "a/1\0")).isEqualTo(2);
    assertThat(snapshot.countFrom(PODS + "a/", PODS + "b/")).isZero();
    assertThat(snapshot.iterate(PODS + "a/", PODS + "a/3")).toIterable().extracting(CachedObject::name).containsExactly("3");
    assertThat(snapshot.range(PODS + "ab/")).hasSize(1);
  }

  @Test
  void waitsForARevision() {
    Future<Snapshot> soon = cache.snapshotAtLeast(3, Duration.ofSeconds(3));
    put("a", "1");
    assertThat(soon.isComplete()).isFalse();
    put("a", "2");

    assertThat(Await.result(soon).revision()).isEqualTo(3);
    assertThat(timers.waiting()).isZero();
    assertThat(Await.result(cache.snapshotAtLeast(2, Duration.ZERO)).revision()).isEqualTo(3);
  }

  @Test
  void doesNotWaitForEver() {
    Future<Snapshot> never = cache.snapshotAtLeast(30, Duration.ofSeconds(3));
    assertThat(timers.delays).containsExactly(Duration.ofSeconds(3));
    timers.fire();

    assertThat(Await.failure(never)).isInstanceOf(StorageException.FutureRevision.class);
  }

  @Test
  void makesEveryRecentSnapshotAgain() {
    Random random = new Random(3);
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < 35; i++) {
      String name = Integer.toString(random.nextInt(5));
      if (random.nextInt(3) == 0 && cache.snapshot().find(PODS + name).isPresent()) {
        delete(name);
      } else {
        put(name, "v" + i);
      }
      snapshots.add(cache.snapshot());
    }
    for (Snapshot snapshot : snapshots) {
      Snapshot again = cache.snapshotAt(snapshot.revision()).orElseThrow();
      assertThat(again.revision()).isEqualTo(snapshot.revision());
      assertThat(values(again)).isEqualTo(values(snapshot));
    }
    assertThat(cache.snapshotAt(1)).isPresent().get().extracting(Snapshot::size).isEqualTo(0);
    assertThat(cache.snapshotAt(storage.revision() + 1)).isEmpty();
  }

  @Test
  void anOldSnapshotBeyondTheHistoryIsNotThere() {
    for (int i = 0; i < 60; i++) {
      put("a", "v" + i);
    }
    assertThat(cache.snapshotAt(cache.oldestRevision())).isPresent();
    assertThat(cache.snapshotAt(cache.oldestRevision() - 1)).isEmpty();
  }

  @Test
  void keepsAnObjectThatCannotBeRead() {
    put("a", "broken");
    assertThat(cache.snapshot().find(PODS + "a").orElseThrow().labels()).isEmpty();
  }

  // Cursors.

  @Test
  void aCursorGivesEveryChangeOfItsScopeInOrder() {
    Cursor all = open(PODS, 1);
    Cursor namespace = open(PODS + "a/", 1);
    Cursor one = open(PODS + "a/x", 1);
    put("a/x", "1");
    put("b/x", "1");
    put("a/xy", "1");
    put("a/x", "2");
    delete("a/x");

    assertThat(events(all.next(100)))
        .containsExactly(
            "ADDED /registry/pods/a/x@2",
            "ADDED /registry/pods/b/x@3",
            "ADDED /registry/pods/a/xy@4",
            "MODIFIED /registry/pods/a/x@5",
            "DELETED /registry/pods/a/x@6");
    assertThat(events(namespace.next(100))).hasSize(4);
    assertThat(events(one.next(100))).hasSize(3);
    assertThat(one.revision()).isEqualTo(6);
    CacheEvent gone = ((Pull.Events) open(PODS, 5).next(1)).events().getFirst();
    assertThat(gone.current()).isEmpty();
    assertThat(gone.object().value().toString()).isEqualTo("2");
  }

  @Test
  void givesNoMoreThanIsAskedAndGoesOn() {
    Cursor cursor = open(PODS, 1);
    for (int i = 0; i < 5; i++) {
      put("a", "v" + i);
    }
    Pull.Events first = (Pull.Events) cursor.next(2);
    assertThat(first.more()).isTrue();
    assertThat(first.revision()).isLessThanOrEqualTo(3);
    assertThat(events(cursor.next(2))).containsExactly("MODIFIED /registry/pods/a@4", "MODIFIED /registry/pods/a@5");
    Pull.Events last = (Pull.Events) cursor.next(2);
    assertThat(last.events()).hasSize(1);
    assertThat(last.more()).isFalse();
    assertThat(last.revision()).isEqualTo(6);
  }

  @Test
  void aQuietCursorSeesTheRevisionGoOn() {
    Cursor cursor = open(PODS + "a/", 1);
    put("b/x", "1");
    Await.result(storage.put("/registry/secrets/a", 0, Buffer.buffer("1"), Duration.ZERO));

    assertThat(cursor.next(10)).isEqualTo(new Pull.Events(List.of(), 3, false));
    assertThat(cursor.revision()).isEqualTo(3);
  }

  @Test
  void aCursorFromARevisionToComeBeginsBehindIt() {
    Cursor cursor = open(PODS, 3);
    put("a", "1");
    put("a", "2");
    put("a", "3");

    assertThat(events(cursor.next(10))).containsExactly("MODIFIED /registry/pods/a@4");
  }

  @Test
  void aCursorThatIsTooSlowExpires() {
    Cursor cursor = open(PODS, 1);
    for (int i = 0; i < 41; i++) {
      put("a", "v" + i);
    }

    assertThat(cursor.next(10)).isEqualTo(new Pull.Expired(cache.oldestRevision()));
    assertThat(cache.historySize()).isEqualTo(40);
    assertThat(cache.openNow(PODS, cache.oldestRevision() - 1)).isEmpty();
    assertThat(events(open(PODS, cache.oldestRevision()).next(100))).hasSize(40);
  }

  @Test
  void staleEventsMakeRoomBeforeTheBoundIsReached() {
    for (int i = 0; i < 30; i++) {
      put("a", "v" + i);
    }
    assertThat(cache.historySize()).isEqualTo(30);
    clock.advance(Duration.ofSeconds(76));
    put("a", "last");
    assertThat(cache.historySize()).isEqualTo(30);
    Cursor cursor = open(PODS, cache.oldestRevision());
    assertThat(events(cursor.next(100))).hasSize(30);
  }

  @Test
  void theHistoryIsBoundedByBytes() {
    cache = cache(storage, new CacheOptions(10, 1_000, 50_000, Duration.ofSeconds(75), 0, Duration.ofMillis(1), Duration.ofMillis(1)));
    Await.result(cache.start());
    for (int i = 0; i < 50; i++) {
      put("a", "x".repeat(10_000));
    }

    assertThat(cache.historySize()).isBetween(2, 5);
    assertThat(cache.approxBytes()).isLessThan(70_000);
  }

  @Test
  void wakesOnceWhenTheScopeHasSomething() {
    AtomicInteger wakes = new AtomicInteger();
    Cursor cursor = open(PODS + "a/", 1);
    cursor.next(10);
    cursor.onWake(wakes::incrementAndGet);
    put("b/x", "1");
    assertThat(wakes).hasValue(0);
    put("a/x", "1");
    put("a/x", "2");
    assertThat(wakes).hasValue(1);
    cursor.onWake(wakes::incrementAndGet);
    assertThat(wakes).as("something is there already").hasValue(2);
    cursor.next(10);
    cursor.onWake(wakes::incrementAndGet);
    cursor.close();
    put("a/x", "3");
    assertThat(wakes).hasValue(2);
    assertThat(cache.wakes().scopes()).isZero();
  }

  @Test
  void manyCursorsOfOneScopeComeAndGo() {
    List<Cursor> cursors = new ArrayList<>();
    List<Integer> woken = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Cursor cursor = open(PODS, 1);
      int number = i;
      cursor.next(1);
      cursor.onWake(() -> woken.add(number));
      cursors.add(cursor);
    }
    for (int i : new int[] {0, 19, 7, 8}) {
      cursors.get(i).close();
    }
    put("a", "1");
    assertThat(woken).hasSize(16).doesNotContain(0, 19, 7, 8).doesNotHaveDuplicates();
  }

  // History of the store.

  @Test
  void reachesBackBehindItsOwnStart() {
    put("a", "1");
    put("b", "1");
    put("a", "2");
    delete("b");
    ResourceCache restarted = cache(storage, SMALL);
    Await.result(restarted.start());
    assertThat(restarted.openNow(PODS, 2)).isEmpty();

    Cursor cursor = Await.result(restarted.open(PODS, 2));
    assertThat(events(cursor.next(10)))
        .containsExactly("ADDED /registry/pods/b@3", "MODIFIED /registry/pods/a@4", "DELETED /registry/pods/b@5");
    assertThat(values(restarted.snapshotAt(3).orElseThrow())).containsExactly("a=1", "b=1");
    put(storage, "c", "1");
    assertThat(events(cursor.next(10))).containsExactly("ADDED /registry/pods/c@6");
    assertThat(events(Await.result(restarted.open(PODS, 1)).next(10))).hasSize(5);
  }

  @Test
  void doesNotReachBackBehindACompaction() {
    put("a", "1");
    put("a", "2");
    put("a", "3");
    Await.result(storage.compact(3));
    ResourceCache restarted = cache(storage, SMALL);
    Await.result(restarted.start());

    assertThat(Await.failure(restarted.open(PODS, 2))).isInstanceOf(StorageException.Compacted.class);
    assertThat(events(Await.result(restarted.open(PODS, 3)).next(10))).containsExactly("MODIFIED /registry/pods/a@4");
  }

  @Test
  void doesNotReachBackFurtherThanItsBound() {
    for (int i = 0; i < 60; i++) {
      put("a", "v" + i);
    }
    ResourceCache restarted = cache(storage, SMALL);
    Await.result(restarted.start());

    assertThat(Await.failure(restarted.open(PODS, 2))).isInstanceOf(StorageException.Compacted.class);
    assertThat(events(Await.result(restarted.open(PODS, 30)).next(100))).hasSize(31);
  }

  // Encodings.

  @Test
  void encodesAnObjectOnceAndAnEventOnce() {
    put("a", "1");
    CachedObject object = cache.snapshot().find(PODS + "a").orElseThrow();
    AtomicInteger encoded = new AtomicInteger();
    byte[] first = object.encoded(JSON, each -> encode(each, encoded));
    assertThat(object.encoded(new EncodingKey("json", "v1"), each -> encode(each, encoded))).isSameAs(first);
    assertThat(object.encoded(new EncodingKey("json", "v2"), each -> encode(each, encoded))).isNotSameAs(first);
    assertThat(encoded).hasValue(2);

    CacheEvent one = ((Pull.Events) open(PODS, 1).next(1)).events().getFirst();
    CacheEvent other = ((Pull.Events) open(PODS, 1).next(1)).events().getFirst();
    byte[] event = one.encoded(JSON, each -> encode(each.object(), encoded));
    assertThat(other.encoded(JSON, each -> encode(each.object(), encoded))).isSameAs(event);
    assertThat(encoded).hasValue(3);
  }

  private static byte[] encode(CachedObject object, AtomicInteger count) {
    count.incrementAndGet();
    return ("{" + object.value() + "}").getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void encodingsKeepToTheirBytesAndAreLetGo() {
    long empty = cache.approxBytes();
    for (int i = 0; i < 20; i++) {
      put("a", "v" + i);
      cache.snapshot().find(PODS + "a").orElseThrow().encoded(JSON, _ -> new byte[10_000]);
    }
    assertThat(cache.approxBytes()).isBetween(90_000L, 120_000L);
    CachedObject last = cache.snapshot().find(PODS + "a").orElseThrow();
    delete("a");
    clock.advance(Duration.ofSeconds(100));
    for (int i = 0; i < 60; i++) {
      put("b" + i, "1");
      delete("b" + i);
    }
    assertThat(cache.approxBytes() - empty).isLessThan(30_000);
    assertThat(last.encoded(JSON, _ -> new byte[2])).isNotNull();
    assertThat(cache.approxBytes() - empty).isLessThan(30_000);
  }

  @Test
  void encodingsThatAreAskedForStayAndOthersMakeRoom() {
    for (int i = 0; i < 20; i++) {
      put("a" + i, "1");
    }
    AtomicInteger encoded = new AtomicInteger();
    CachedObject wanted = cache.snapshot().find(PODS + "a0").orElseThrow();
    for (int i = 0; i < 20; i++) {
      cache.snapshot().find(PODS + "a" + i).orElseThrow().encoded(JSON, _ -> new byte[10_000]);
      wanted.encoded(JSON, each -> encode(each, encoded));
    }

    assertThat(encoded).as("asked for all the time").hasValue(0);
    cache.snapshot().find(PODS + "a19").orElseThrow().encoded(JSON, each -> encode(each, encoded));
    assertThat(encoded).as("the newest").hasValue(0);
    cache.snapshot().find(PODS + "a1").orElseThrow().encoded(JSON, each -> encode(each, encoded));
    assertThat(encoded).as("asked for once, long ago").hasValue(1);
    assertThat(cache.approxBytes()).isLessThan(120_000);
  }

  @Test
  void aFailedEncodingIsTriedAgain() {
    put("a", "1");
    CachedObject object = cache.snapshot().find(PODS + "a").orElseThrow();
    assertThatThrownBy(
            () ->
                object.encoded(
                    JSON,
                    _ -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(object.encoded(JSON, _ -> new byte[3])).hasSize(3);
  }

  // When the store fails.

  @Test
  void takesABrokenWatchUpWhereItWas() {
    put("a", "1");
    Cursor cursor = open(PODS, 2);
    storage.endWatches(new StorageException.Failed("disk", null));
    put("a", "2");
    assertThat(cache.revision()).isEqualTo(2);
    timers.fire();

    assertThat(cache.revision()).isEqualTo(3);
    assertThat(events(cursor.next(10))).containsExactly("MODIFIED /registry/pods/a@3");
  }

  @Test
  void waitsLongerEachTimeTheStoreFails() {
    for (int i = 0; i < 9; i++) {
      storage.endWatches(new StorageException.Failed("disk", null));
      timers.fire();
    }
    assertThat(timers.delays)
        .extracting(Duration::toMillis)
        .containsExactly(50L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
    put("a", "1");
    storage.endWatches(new StorageException.Failed("disk", null));
    assertThat(timers.delays.getLast()).as("after a change came through").isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void listsAnewWhenTheStoreForgotItsPlaceAndExpiresCursors() {
    put("a", "1");
    put("b", "1");
    Cursor behind = open(PODS, 2);
    Cursor current = open(PODS, 3);
    AtomicInteger wakes = new AtomicInteger();
    current.next(10);
    current.onWake(wakes::incrementAndGet);
    storage.endWatches(new StorageException.Failed("disk", null));
    delete("a");
    put("b", "2");
    Await.result(storage.compact(storage.revision()));
    timers.fire();

    assertThat(values(cache.snapshot())).containsExactly("b=2");
    assertThat(wakes).hasValue(1);
    assertThat(behind.next(10)).isEqualTo(new Pull.Expired(5));
    assertThat(current.next(10)).isEqualTo(new Pull.Expired(5));
    put("c", "1");
    assertThat(events(open(PODS, 5).next(10))).containsExactly("ADDED /registry/pods/c@6");
  }

  @Test
  void asksAgainWhenTheFirstListFails() {
    AtomicInteger failures = new AtomicInteger(3);
    ResourceCache patient = cache(new FailingLists(storage, failures), SMALL);
    Future<Void> ready = patient.start();
    Future<Cursor> cursor = patient.open(PODS, 1);
    put("a", "1");
    for (int i = 0; i < 3; i++) {
      assertThat(ready.isComplete()).isFalse();
      timers.fire();
    }

    Await.result(ready);
    assertThat(timers.delays).containsExactly(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(200));
    assertThat(values(patient.snapshot())).containsExactly("a=1");
    assertThat(events(Await.result(cursor).next(10))).hasSize(1);
  }

  @Test
  void endsWithTheStore() {
    Future<Snapshot> waiting = cache.snapshotAtLeast(99, Duration.ofSeconds(3));
    ResourceCache unready = cache(new FailingLists(storage, new AtomicInteger(99)), SMALL);
    Future<Void> ready = unready.start();
    Await.result(storage.close());
    unready.stop();

    assertThat(Await.failure(waiting)).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(ready)).isInstanceOf(StorageException.Closed.class);
    assertThat(timers.waiting()).isZero();
  }

  /// A store whose first lists fail.
  private record FailingLists(Storage storage, AtomicInteger failures) implements Storage {
    @Override
    public long revision() {
      return storage.revision();
    }

    @Override
    public long compactedRevision() {
      return storage.compactedRevision();
    }

    @Override
    public Future<Optional<Stored>> get(String key) {
      return storage.get(key);
    }

    @Override
    public Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive) {
      return storage.put(key, expectedRevision, value, timeToLive);
    }

    @Override
    public Future<WriteResult> delete(String key, long expectedRevision) {
      return storage.delete(key, expectedRevision);
    }

    @Override
    public Future<Page> list(ListRequest request) {
      return failures.getAndDecrement() > 0
          ? Future.failedFuture(new StorageException.Failed("disk", null))
          : storage.list(request);
    }

    @Override
    public Subscription watch(String prefix, long afterRevision, WatchListener listener) {
      return storage.watch(prefix, afterRevision, listener);
    }

    @Override
    public Future<Void> compact(long revision) {
      return storage.compact(revision);
    }

    @Override
    public Future<Long> sizeBytes() {
      return storage.sizeBytes();
    }

    @Override
    public Future<Void> close() {
      return storage.close();
    }
  }
}
