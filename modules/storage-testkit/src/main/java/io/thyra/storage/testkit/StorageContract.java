package io.thyra.storage.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine must do. An engine's test extends this and says how to open it, empty, with a history that holds at
/// least 10,000 revisions.
public abstract class StorageContract {
  private static final Duration NEVER = Duration.ZERO;
  private static final String PODS = "/registry/pods/";

  protected final TestClock clock = new TestClock();
  protected Storage storage = new ModelStorage(clock);

  /// Opens an empty store whose time to live follows the clock.
  protected abstract Storage open(Clock clock);

  /// Called when the clock moved, for engines that must be told.
  protected void clockMoved(Storage storage) {}

  /// Whether the watchers of this process have an event before its writer has the answer. Engines whose watches go over a
  /// network cannot promise it.
  protected boolean tellsWatchersFirst() {
    return true;
  }

  @BeforeEach
  void openStorage() {
    storage = open(clock);
  }

  @AfterEach
  void closeStorage() {
    Await.result(storage.close());
  }

  protected static Buffer bytes(String text) {
    return Buffer.buffer(text);
  }

  protected final WriteResult put(String key, long expected, String value) {
    return Await.result(storage.put(key, expected, bytes(value), NEVER));
  }

  protected final long written(String key, long expected, String value) {
    return revisionOf(put(key, expected, value));
  }

  protected final long deleted(String key, long expected) {
    return revisionOf(Await.result(storage.delete(key, expected)));
  }

  private static long revisionOf(WriteResult result) {
    assertThat(result).isInstanceOf(WriteResult.Written.class);
    return ((WriteResult.Written) result).revision();
  }

  protected final Optional<Stored> get(String key) {
    return Await.result(storage.get(key));
  }

  protected final Page list(String prefix) {
    return Await.result(storage.list(ListRequest.all(prefix)));
  }

  protected final Page listAt(String prefix, long revision) {
    return Await.result(storage.list(new ListRequest(prefix, prefix, 0, revision, false)));
  }

  private static List<String> values(Page page) {
    return page.items().stream().map(each -> each.key().substring(PODS.length()) + "=" + each.value()).toList();
  }

  // Writes.

  @Test
  void anUnwrittenStoreIsAtRevisionOne() {
    assertThat(storage.revision()).isEqualTo(1);
    assertThat(list("/registry/").revision()).isEqualTo(1);
    assertThat(list("/registry/").items()).isEmpty();
  }

  @Test
  void theFirstWriteTakesRevisionTwo() {
    assertThat(written(PODS + "a", 0, "1")).isEqualTo(2);
    assertThat(storage.revision()).isEqualTo(2);
  }

  @Test
  void keepsValueAndRevisionsOfAWrite() {
    long created = written(PODS + "a", 0, "one");
    long updated = written(PODS + "a", created, "two");

    assertThat(updated).isEqualTo(created + 1);
    assertThat(get(PODS + "a")).contains(new Stored(PODS + "a", bytes("two"), created, updated));
  }

  @Test
  void keepsBytesAsTheyAre() {
    byte[] value = new byte[70_000];
    new Random(7).nextBytes(value);
    Await.result(storage.put(PODS + "a", 0, Buffer.buffer(value), NEVER));
    Await.result(storage.put(PODS + "empty", 0, Buffer.buffer(), NEVER));

    assertThat(get(PODS + "a").orElseThrow().value().getBytes()).isEqualTo(value);
    assertThat(get(PODS + "empty").orElseThrow().value().length()).isZero();
  }

  @Test
  void refusesToCreateWhatExists() {
    long created = written(PODS + "a", 0, "one");

    assertThat(put(PODS + "a", 0, "two"))
        .isEqualTo(new WriteResult.Mismatch(Optional.of(new Stored(PODS + "a", bytes("one"), created, created))));
    assertThat(storage.revision()).isEqualTo(created);
  }

  @Test
  void refusesToUpdateAnOtherRevision() {
    long created = written(PODS + "a", 0, "one");
    long updated = written(PODS + "a", created, "two");

    assertThat(put(PODS + "a", created, "three"))
        .isEqualTo(new WriteResult.Mismatch(Optional.of(new Stored(PODS + "a", bytes("two"), created, updated))));
  }

  @Test
  void refusesToUpdateOrDeleteWhatIsNotThere() {
    assertThat(put(PODS + "a", 5, "one")).isEqualTo(new WriteResult.Mismatch(Optional.empty()));
    assertThat(Await.result(storage.delete(PODS + "a", 5))).isEqualTo(new WriteResult.Mismatch(Optional.empty()));
    assertThat(Await.result(storage.delete(PODS + "a", 0))).isEqualTo(new WriteResult.Mismatch(Optional.empty()));
  }

  @Test
  void refusesToDeleteAnOtherRevision() {
    long created = written(PODS + "a", 0, "one");
    long updated = written(PODS + "a", created, "two");

    assertThat(Await.result(storage.delete(PODS + "a", created)))
        .isEqualTo(new WriteResult.Mismatch(Optional.of(new Stored(PODS + "a", bytes("two"), created, updated))));
  }

  @Test
  void aDeletionTakesARevisionAndTheKeyBeginsAnew() {
    long created = written(PODS + "a", 0, "one");
    long gone = deleted(PODS + "a", created);
    assertThat(gone).isEqualTo(created + 1);
    assertThat(get(PODS + "a")).isEmpty();

    long again = written(PODS + "a", 0, "two");
    assertThat(get(PODS + "a")).contains(new Stored(PODS + "a", bytes("two"), again, again));
  }

  @Test
  void oneOfManyConcurrentCreationsWins() {
    List<Future<WriteResult>> attempts = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      attempts.add(storage.put(PODS + "a", 0, bytes("by " + i), NEVER));
    }
    List<WriteResult> results = attempts.stream().map(Await::result).toList();

    assertThat(results.stream().filter(WriteResult.Written.class::isInstance)).hasSize(1);
    Stored stored = get(PODS + "a").orElseThrow();
    assertThat(results.stream().filter(WriteResult.Mismatch.class::isInstance))
        .allMatch(each -> each.equals(new WriteResult.Mismatch(Optional.of(stored))));
  }

  @Test
  void refusesAKeyWithNul() {
    assertThat(Await.failure(storage.put(PODS + "a\0b", 0, bytes("1"), NEVER))).isInstanceOf(StorageException.Failed.class);
    assertThat(get(PODS + "a\0b")).isEmpty();
  }

  // Lists.

  @Test
  void listsAPrefixInOrderOfBytes() {
    for (String name : List.of("b", "a", "\uD83D\uDE00", "\uFF21", "a/x", "a-x")) {
      written(PODS + name, 0, "1");
    }
    written("/registry/podsx/a", 0, "1");
    written("/registry/pod", 0, "1");

    assertThat(list(PODS).items().stream().map(each -> each.key().substring(PODS.length())))
        .containsExactly("a", "a-x", "a/x", "b", "\uFF21", "\uD83D\uDE00");
    assertThat(list(PODS).revision()).isEqualTo(storage.revision());
  }

  @Test
  void pagesOverOneRevision() {
    for (int i = 0; i < 7; i++) {
      written(PODS + i, 0, "old");
    }
    Page first = Await.result(storage.list(new ListRequest(PODS, PODS, 3, 0, true)));
    assertThat(values(first)).containsExactly("0=old", "1=old", "2=old");
    assertThat(first.more()).isTrue();
    assertThat(first.remaining()).isEqualTo(4);

    deleted(PODS + "4", get(PODS + "4").orElseThrow().modRevision());
    written(PODS + "5", get(PODS + "5").orElseThrow().modRevision(), "new");
    written(PODS + "55", 0, "new");

    Page second = Await.result(storage.list(new ListRequest(PODS, PODS + "2\0", 3, first.revision(), true)));
    assertThat(values(second)).containsExactly("3=old", "4=old", "5=old");
    assertThat(second.revision()).isEqualTo(first.revision());
    assertThat(second.remaining()).isEqualTo(1);
    Page third = Await.result(storage.list(new ListRequest(PODS, PODS + "5\0", 3, first.revision(), true)));
    assertThat(values(third)).containsExactly("6=old");
    assertThat(third.more()).isFalse();
    assertThat(third.remaining()).isZero();
  }

  @Test
  void countsTheRestOnlyWhenAsked() {
    for (int i = 0; i < 3; i++) {
      written(PODS + i, 0, "1");
    }
    Page page = Await.result(storage.list(new ListRequest(PODS, PODS, 1, 0, false)));

    assertThat(page.more()).isTrue();
    assertThat(page.remaining()).isZero();
  }

  @Test
  void aLimitThatTakesEverythingLeavesNoMore() {
    written(PODS + "a", 0, "1");
    written(PODS + "b", 0, "1");

    assertThat(Await.result(storage.list(new ListRequest(PODS, PODS, 2, 0, true))).more()).isFalse();
  }

  @Test
  void listsEveryRevisionAsItWas() {
    long one = written(PODS + "a", 0, "1");
    long two = written(PODS + "b", 0, "1");
    long three = written(PODS + "a", one, "2");
    long four = deleted(PODS + "b", two);
    long five = written(PODS + "b", 0, "3");

    assertThat(values(listAt(PODS, 1))).isEmpty();
    assertThat(values(listAt(PODS, one))).containsExactly("a=1");
    assertThat(values(listAt(PODS, two))).containsExactly("a=1", "b=1");
    assertThat(values(listAt(PODS, three))).containsExactly("a=2", "b=1");
    assertThat(values(listAt(PODS, four))).containsExactly("a=2");
    assertThat(values(listAt(PODS, five))).containsExactly("a=2", "b=3");
    assertThat(listAt(PODS, two).items().getLast().createRevision()).isEqualTo(two);
  }

  @Test
  void refusesToListARevisionThatIsStillToCome() {
    assertThat(Await.failure(storage.list(new ListRequest(PODS, PODS, 0, 2, false))))
        .isInstanceOf(StorageException.FutureRevision.class);
  }

  // Watches.

  @Test
  void aWatchGivesEveryChangeInOrderWithWhatWasBefore() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      long one = written(PODS + "a", 0, "1");
      long two = written(PODS + "a", one, "2");
      long three = deleted(PODS + "a", two);

      Stored first = new Stored(PODS + "a", bytes("1"), one, one);
      Stored second = new Stored(PODS + "a", bytes("2"), one, two);
      assertThat(listener.awaitRevision(three))
          .containsExactly(
              new StorageEvent(one, PODS + "a", Optional.of(first), Optional.empty()),
              new StorageEvent(two, PODS + "a", Optional.of(second), Optional.of(first)),
              new StorageEvent(three, PODS + "a", Optional.empty(), Optional.of(second)));
    }
  }

  @Test
  void aWatchResumesAtAnyRevision() {
    long one = written(PODS + "a", 0, "1");
    written(PODS + "b", 0, "1");
    long three = written(PODS + "a", one, "2");
    RecordingListener whole = new RecordingListener();
    RecordingListener rest = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, whole);
        Subscription _ = storage.watch(PODS, one, rest)) {
      long four = deleted(PODS + "a", three);

      List<StorageEvent> all = whole.awaitRevision(four);
      assertThat(all).extracting(StorageEvent::revision).containsExactly(one, one + 1, three, four);
      assertThat(rest.awaitRevision(four)).isEqualTo(all.subList(1, 4));
    }
  }

  @Test
  void aWatchFromARevisionToComeBeginsBehindIt() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 3, listener)) {
      written(PODS + "a", 0, "1");
      written(PODS + "b", 0, "1");
      long third = written(PODS + "c", 0, "1");

      assertThat(listener.awaitRevision(third)).extracting(StorageEvent::revision).containsExactly(4L);
    }
  }

  @Test
  void aQuietPrefixLearnsTheRevision() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch("/registry/secrets/", 1, listener)) {
      listener.awaitProgress(1);
      long one = written(PODS + "a", 0, "1");

      listener.awaitProgress(one);
      assertThat(listener.events()).isEmpty();
    }
  }

  @Test
  void aMismatchIsNoChange() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      written(PODS + "a", 0, "1");
      put(PODS + "a", 0, "2");
      long last = written(PODS + "b", 0, "1");

      assertThat(listener.awaitRevision(last)).extracting(StorageEvent::revision).containsExactly(2L, 3L);
    }
  }

  @Test
  void theWatchersSeeAWriteBeforeItsWriterDoes() {
    assumeTrue(tellsWatchersFirst());
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      listener.awaitProgress(1);
      for (int i = 0; i < 100; i++) {
        long revision = written(PODS + i, 0, "1");
        assertThat(listener.events().getLast().revision()).isEqualTo(revision);
      }
    }
  }

  @Test
  void aClosedWatchGivesNothingMore() {
    RecordingListener closed = new RecordingListener();
    RecordingListener open = new RecordingListener();
    Subscription first = storage.watch(PODS, 1, closed);
    closed.awaitProgress(1);
    first.close();
    first.close();
    try (Subscription _ = storage.watch(PODS, 1, open)) {
      open.awaitRevision(written(PODS + "a", 0, "1"));
    }

    assertThat(closed.events()).isEmpty();
    assertThat(closed.end()).isEmpty();
  }

  @Test
  void aWatchFromTheMiddleOfManyConcurrentWritesMissesNothing() {
    List<Future<WriteResult>> writes = new ArrayList<>();
    List<RecordingListener> listeners = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      writes.add(storage.put(PODS + i % 40 + "-" + i, 0, bytes("1"), NEVER));
      if (i % 20 == 0) {
        RecordingListener listener = new RecordingListener();
        storage.watch(PODS, 1 + i / 40, listener);
        listeners.add(listener);
      }
    }
    writes.forEach(Await::result);
    long last = storage.revision();

    assertThat(last).isEqualTo(401);
    for (int i = 0; i < listeners.size(); i++) {
      long after = 1 + i * 20 / 40;
      assertThat(listeners.get(i).awaitRevision(last).stream().mapToLong(StorageEvent::revision).toArray())
          .isEqualTo(LongStream.rangeClosed(after + 1, last).toArray());
    }
  }

  // Compaction.

  @Test
  void compactionForgetsOlderRevisionsAndKeepsTheRest() {
    long one = written(PODS + "a", 0, "1");
    long two = written(PODS + "b", 0, "1");
    long three = written(PODS + "a", one, "2");
    long four = deleted(PODS + "b", two);
    Await.result(storage.compact(three));

    assertThat(storage.compactedRevision()).isEqualTo(three);
    assertThat(Await.failure(storage.list(new ListRequest(PODS, PODS, 0, two, false))))
        .isInstanceOfSatisfying(
            StorageException.Compacted.class,
            each -> {
              assertThat(each.asked()).isEqualTo(two);
              assertThat(each.oldest()).isEqualTo(three);
            });
    assertThat(values(listAt(PODS, three))).containsExactly("a=2", "b=1");
    assertThat(values(list(PODS))).containsExactly("a=2");

    RecordingListener late = new RecordingListener();
    storage.watch(PODS, two, late);
    assertThat(late.awaitEnd()).isInstanceOf(StorageException.Compacted.class);
    RecordingListener intime = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, three, intime)) {
      assertThat(intime.awaitRevision(four))
          .containsExactly(
              new StorageEvent(four, PODS + "b", Optional.empty(), Optional.of(new Stored(PODS + "b", bytes("1"), two, two))));
    }
  }

  @Test
  void compactingAgainOrFurtherBackChangesNothing() {
    long one = written(PODS + "a", 0, "1");
    long two = written(PODS + "a", one, "2");
    Await.result(storage.compact(two));
    Await.result(storage.compact(two));
    Await.result(storage.compact(one));

    assertThat(storage.compactedRevision()).isEqualTo(two);
    assertThat(Await.failure(storage.compact(two + 1))).isInstanceOf(StorageException.FutureRevision.class);
  }

  @Test
  void compactionLeavesLiveWatchesAlone() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      long one = written(PODS + "a", 0, "1");
      listener.awaitRevision(one);
      Await.result(storage.compact(one));
      long two = written(PODS + "a", one, "2");

      assertThat(listener.awaitRevision(two)).hasSize(2);
      assertThat(listener.end()).isEmpty();
    }
  }

  // Time to live.

  @Test
  void deletesWhatOutlivedItsTime() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      Await.result(storage.put(PODS + "a", 0, bytes("1"), Duration.ofSeconds(60)));
      long two = written(PODS + "b", 0, "1");
      move(Duration.ofSeconds(59));
      assertThat(get(PODS + "a")).isPresent();
      move(Duration.ofSeconds(1));

      StorageEvent last = listener.awaitRevision(two + 1).getLast();
      assertThat(last.revision()).isEqualTo(two + 1);
      assertThat(last.current()).isEmpty();
      assertThat(last.previous()).map(Stored::value).contains(bytes("1"));
      assertThat(get(PODS + "a")).isEmpty();
      assertThat(get(PODS + "b")).isPresent();
    }
  }

  @Test
  void anOverwriteSetsTheTimeAnew() {
    long one = revisionOf(Await.result(storage.put(PODS + "a", 0, bytes("1"), Duration.ofSeconds(10))));
    long two = revisionOf(Await.result(storage.put(PODS + "b", 0, bytes("1"), Duration.ofSeconds(10))));
    Await.result(storage.put(PODS + "a", one, bytes("2"), Duration.ofSeconds(30)));
    written(PODS + "b", two, "2");
    long last = revisionOf(Await.result(storage.put(PODS + "c", 0, bytes("1"), Duration.ofSeconds(20))));
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, last, listener)) {
      move(Duration.ofSeconds(20));
      assertThat(listener.awaitRevision(last + 1)).extracting(StorageEvent::key).containsExactly(PODS + "c");
      move(Duration.ofSeconds(10));
      assertThat(listener.awaitRevision(last + 2)).extracting(StorageEvent::key).containsExactly(PODS + "c", PODS + "a");
    }
    assertThat(get(PODS + "b")).isPresent();
  }

  private void move(Duration step) {
    clock.advance(step);
    clockMoved(storage);
  }

  // The end.

  @Test
  void aClosedStoreRefusesEverything() {
    written(PODS + "a", 0, "1");
    RecordingListener watching = new RecordingListener();
    storage.watch(PODS, 1, watching);
    watching.awaitRevision(2);
    Await.result(storage.close());
    Await.result(storage.close());

    assertThat(watching.awaitEnd()).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(storage.get(PODS + "a"))).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(storage.list(ListRequest.all(PODS)))).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(storage.put(PODS + "a", 0, bytes("1"), NEVER))).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(storage.delete(PODS + "a", 2))).isInstanceOf(StorageException.Closed.class);
    assertThat(Await.failure(storage.compact(2))).isInstanceOf(StorageException.Closed.class);
    RecordingListener late = new RecordingListener();
    storage.watch(PODS, 1, late);
    assertThat(late.awaitEnd()).isInstanceOf(StorageException.Closed.class);
  }

  // Random operations, compared with the model.

  @Test
  void agreesWithTheModelInRandomOperations() {
    long seed = Long.getLong("seed", 42);
    try {
      new RandomOperations(storage, clock, () -> clockMoved(storage), seed).run(1_500);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("replay with -Dseed=" + seed + ": " + e.getMessage(), e);
    }
  }
}
