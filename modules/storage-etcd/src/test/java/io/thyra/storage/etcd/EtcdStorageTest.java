package io.thyra.storage.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.thyra.storage.WriteResult;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.RecordingListener;
import io.thyra.storage.testkit.StorageContract;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract, each test on an etcd of its own, and what only a store in a cluster can be asked.
class EtcdStorageTest extends StorageContract {
  private static final String PODS = "/registry/pods/";
  private static final Duration NEVER = Duration.ZERO;

  @TempDir Path directory;

  private EtcdServer etcd;
  private final List<EtcdStorage> others = new ArrayList<>();

  @Override
  protected Storage open(Clock clock) {
    etcd = EtcdServer.start(directory.resolve("etcd"));
    return new TimedByHand(connect(options()), clock);
  }

  private EtcdOptions options() {
    return EtcdOptions.of(List.of(etcd.uri()))
        .withCompaction(Duration.ZERO)
        .withTimes(Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMillis(100));
  }

  private EtcdStorage connect(EtcdOptions options) {
    return Await.result(EtcdStorage.open(options, Clock.systemUTC(), RequestObserver.NONE));
  }

  /// One more process on the same etcd.
  private EtcdStorage replica(EtcdOptions options) {
    EtcdStorage other = connect(options);
    others.add(other);
    return other;
  }

  @AfterEach
  void stopEtcd() {
    others.forEach(other -> Await.result(other.close()));
    if (etcd != null) {
      etcd.close();
    }
  }

  @Override
  protected void clockMoved(Storage storage) {
    ((TimedByHand) storage).expire();
  }

  /// Deletes at the time of the test's clock what etcd would delete at its own.
  private record TimedByHand(EtcdStorage etcd, Clock clock, Map<String, Long> deadlines) implements Storage {
    TimedByHand(EtcdStorage etcd, Clock clock) {
      this(etcd, clock, new TreeMap<>());
    }

    void expire() {
      var due = new ArrayList<>(deadlines.entrySet().stream().filter(each -> each.getValue() <= clock.millis()).map(Map.Entry::copyOf).toList());
      due.sort(Map.Entry.comparingByValue());
      for (Map.Entry<String, Long> each : due) {
        deadlines.remove(each.getKey());
        Await.result(etcd.delete(each.getKey(), Await.result(etcd.get(each.getKey())).orElseThrow().modRevision()));
      }
    }

    @Override
    public long revision() {
      return etcd.revision();
    }

    @Override
    public long compactedRevision() {
      return etcd.compactedRevision();
    }

    @Override
    public Future<Optional<Stored>> get(String key) {
      return etcd.get(key);
    }

    @Override
    public Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive) {
      return etcd.put(key, expectedRevision, value, timeToLive.isZero() ? NEVER : Duration.ofHours(1))
          .onSuccess(
              result -> {
                if (result instanceof WriteResult.Written) {
                  remember(key, timeToLive);
                }
              });
    }

    private synchronized void remember(String key, Duration timeToLive) {
      if (timeToLive.isZero()) {
        deadlines.remove(key);
      } else {
        deadlines.put(key, clock.millis() + timeToLive.toMillis());
      }
    }

    @Override
    public Future<WriteResult> delete(String key, long expectedRevision) {
      return etcd.delete(key, expectedRevision)
          .onSuccess(
              result -> {
                if (result instanceof WriteResult.Written) {
                  remember(key, NEVER);
                }
              });
    }

    @Override
    public Future<Page> list(ListRequest request) {
      return etcd.list(request);
    }

    @Override
    public Subscription watch(String prefix, long afterRevision, WatchListener listener) {
      return etcd.watch(prefix, afterRevision, listener);
    }

    @Override
    public Future<Void> compact(long revision) {
      return etcd.compact(revision);
    }

    @Override
    public Future<Long> sizeBytes() {
      return etcd.sizeBytes();
    }

    @Override
    public Future<Void> close() {
      return etcd.close();
    }
  }

  private static long written(Storage storage, String key, long expected, String value) {
    return ((WriteResult.Written) Await.result(storage.put(key, expected, bytes(value), NEVER))).revision();
  }

  // Copies.

  @Test
  void fillsTheGapsBetweenRevisions() {
    EtcdStorage own = replica(options());
    long before = written(PODS + "a", 0, "1");
    assertThat(Await.result(own.advance(before + 1_234, _ -> {}))).isEqualTo(before + 1_234);
    assertThat(written(PODS + "b", 0, "1")).isEqualTo(before + 1_235);
    assertThat(Await.result(own.advance(before, _ -> {}))).isEqualTo(before + 1_235);
    Await.result(own.removeFiller());
    assertThat(Await.result(own.newestRevision(PODS))).isEqualTo(before + 1_236);
    assertThat(Await.result(own.list(ListRequest.all("thyra/"))).items()).isEmpty();
    Await.result(own.deleteAll(PODS));
    assertThat(get(PODS + "a")).isEmpty();
  }

  @Test
  void tellsHowLongKeysLive() {
    EtcdStorage own = replica(options());
    assertThat(Await.result(own.timesToLive())).isEmpty();
    written(PODS + "a", 0, "1");
    for (String key : List.of("b", "c")) {
      Await.result(own.put(PODS + key, 0, bytes("1"), Duration.ofHours(1)));
    }
    assertThat(Await.result(own.timesToLive())).containsOnlyKeys(PODS + "b", PODS + "c").allSatisfy((_, left) -> assertThat(left).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(64)));
  }

  // Several processes.

  @Test
  void seesWhatAnOtherProcessWrote() {
    EtcdStorage other = replica(options());
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = other.watch(PODS, 1, listener)) {
      listener.awaitProgress(1);
      for (int i = 0; i < 50; i++) {
        long revision = written(PODS + i, 0, "1");
        assertThat(Await.result(other.newestRevision(PODS))).isEqualTo(revision);
        assertThat(listener.awaitRevision(revision)).hasSize(i + 1);
      }
      long elsewhere = written("/registry/secrets/a", 0, "1");
      assertThat(Await.result(other.newestRevision(PODS))).isEqualTo(elsewhere);
      listener.awaitProgress(elsewhere);
    }
  }

  @Test
  void oneOfTwoProcessesWins() {
    EtcdStorage other = replica(options());
    for (int i = 0; i < 50; i++) {
      Future<WriteResult> mine = storage.put(PODS + i, 0, bytes("mine"), NEVER);
      Future<WriteResult> theirs = other.put(PODS + i, 0, bytes("theirs"), NEVER);
      boolean won = Await.result(mine) instanceof WriteResult.Written;
      assertThat(Await.result(theirs) instanceof WriteResult.Written).isNotEqualTo(won);
      assertThat(get(PODS + i).orElseThrow().value()).hasToString(won ? "mine" : "theirs");
    }
  }

  @Test
  void keepsKeysUnderThePrefixThatItIsGiven() {
    EtcdStorage other = replica(options().withPrefix("/cluster-b"));
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = other.watch(PODS, 1, listener)) {
      long revision = written(other, PODS + "a", 0, "theirs");

      assertThat(listener.awaitRevision(revision)).extracting(StorageEvent::key).containsExactly(PODS + "a");
      assertThat(Await.result(other.list(ListRequest.all(PODS))).items()).extracting(Stored::key).containsExactly(PODS + "a");
      assertThat(list(PODS).items()).isEmpty();
      assertThat(get("/cluster-b/pods/a").orElseThrow().value()).hasToString("theirs");
    }
  }

  @Test
  void listsMoreThanOneAnswerHolds() {
    var writes = new ArrayList<Future<WriteResult>>();
    for (int i = 0; i < 2_500; i++) {
      writes.add(storage.put(PODS + "%05d".formatted(i), 0, bytes("1"), NEVER));
    }
    writes.forEach(Await::result);

    Page all = list(PODS);
    assertThat(all.items()).hasSize(2_500).isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()));
    Page most = Await.result(storage.list(new ListRequest(PODS, PODS, 2_400, 0, true)));
    assertThat(most.items()).hasSize(2_400);
    assertThat(most.more()).isTrue();
    assertThat(most.remaining()).isEqualTo(100);
  }

  // A server that goes away.

  @Test
  void goesOnWhereItWasWhenEtcdComesBack() {
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 1, listener)) {
      long last = 0;
      for (int i = 0; i < 5; i++) {
        long before = written(PODS + "before" + i, 0, "1");
        listener.awaitRevision(before);
        etcd.kill();
        // Until the connection is known to be gone, what became of a creation is not.
        Await.failure(((TimedByHand) storage).etcd().probe(Duration.ofSeconds(5)));
        Future<WriteResult> meanwhile = storage.put(PODS + "meanwhile" + i, 0, bytes("1"), NEVER);
        Future<Optional<Stored>> read = storage.get(PODS + "before" + i);
        etcd.restart();
        assertThat(Await.result(read)).isPresent();
        assertThat(Await.result(meanwhile)).isInstanceOf(WriteResult.Written.class);
        last = written(PODS + "after" + i, 0, "1");
      }

      List<StorageEvent> events = listener.awaitRevision(last);
      assertThat(events).hasSize(15);
      assertThat(events.stream().mapToLong(StorageEvent::revision).toArray()).isEqualTo(java.util.stream.LongStream.rangeClosed(2, 16).toArray());
    }
  }

  @Test
  void findsOutWhatBecameOfAWriteWhoseAnswerDidNotCome() {
    EtcdStorage impatient = replica(options().withTimes(Duration.ofMillis(300), Duration.ofSeconds(15), Duration.ofMillis(100)));
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = impatient.watch(PODS, 1, listener)) {
      long created = written(impatient, PODS + "a", 0, "old");
      long other = written(impatient, PODS + "b", 0, "old");
      listener.awaitRevision(other);
      etcd.freeze();
      Future<WriteResult> update = impatient.put(PODS + "a", created, bytes("new"), NEVER);
      Future<WriteResult> late = impatient.put(PODS + "b", created, bytes("late"), NEVER);
      // Long enough that the first answers are waited for no more, and the watch stream and the connection are taken for dead.
      Await.failure(impatient.probe(Duration.ofSeconds(4)));
      etcd.thaw();

      assertThat(Await.result(update)).isInstanceOf(WriteResult.Written.class);
      assertThat(Await.result(late)).isInstanceOf(WriteResult.Mismatch.class);
      // However often it was asked for, it was done once.
      Stored stored = Await.result(impatient.get(PODS + "a")).orElseThrow();
      assertThat(stored.value()).hasToString("new");
      assertThat(new WriteResult.Written(stored.modRevision())).isEqualTo(update.result());
      assertThat(Await.result(impatient.newestRevision(PODS))).isEqualTo(stored.modRevision());
      assertThat(stored.modRevision()).isEqualTo(other + 1);
      long last = written(impatient, PODS + "c", 0, "1");
      assertThat(listener.awaitRevision(last)).extracting(StorageEvent::revision).containsExactly(created, other, other + 1, last);
    }
  }

  @Test
  void failsWhenNoServerComesBack() {
    EtcdStorage impatient = replica(options().withTimes(Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofSeconds(1)));
    etcd.kill();

    assertThat(Await.failure(impatient.get(PODS + "a"))).isInstanceOf(StorageException.Failed.class).hasMessageContaining("cannot be reached");
    assertThat(Await.failure(impatient.put(PODS + "a", 0, bytes("1"), NEVER))).isInstanceOf(StorageException.Failed.class);
    assertThat(Await.failure(impatient.probe(Duration.ofMillis(500)))).isInstanceOf(StorageException.Failed.class);
  }

  @Test
  void refusesToOpenWithoutAServer() {
    EtcdOptions options = options().withTimes(Duration.ofMillis(500), Duration.ofMillis(200), Duration.ofSeconds(1));
    etcd.kill();

    assertThat(Await.failure(EtcdStorage.open(options, clock, RequestObserver.NONE))).isInstanceOf(StorageException.Failed.class);
  }

  @Test
  void refusesMoreCallsThanItsBound() {
    EtcdStorage narrow = replica(options().withCallsMax(8));
    var writes = new ArrayList<Future<WriteResult>>();
    for (int i = 0; i < 500; i++) {
      writes.add(narrow.put(PODS + i, 0, bytes("1"), NEVER));
    }
    long done = writes.stream().filter(write -> Await.result(write.map(_ -> true).otherwise(false))).count();

    assertThat(done).isBetween(8L, 499L);
    assertThat(writes.stream().filter(Future::failed)).allMatch(write -> write.cause().getMessage().equals("too many requests wait for etcd"));
    assertThat(narrow.revision()).isEqualTo(1 + done);
  }

  // Compaction and leases.

  @Test
  void oneOfSeveralProcessesCompactsAndTheOthersLearnOfIt() {
    EtcdStorage first = replica(options().withCompaction(Duration.ofMillis(200)));
    EtcdStorage second = replica(options().withCompaction(Duration.ofMillis(200)));
    long revision = 0;
    long end = System.nanoTime() + Await.PATIENCE.toNanos();
    while (first.compactedRevision() < 10 || second.compactedRevision() < 10 || storage.compactedRevision() < 10) {
      assertThat(System.nanoTime()).isLessThan(end);
      revision = written(PODS + "a", revision, "1");
    }

    assertThat(Await.failure(storage.list(new ListRequest(PODS, PODS, 0, 2, false)))).isInstanceOf(StorageException.Compacted.class);
    assertThat(get("compact_rev_key").orElseThrow().value().toString()).containsOnlyDigits();
  }

  @Test
  void deletesAKeyWhenItsLeaseEnds() {
    EtcdStorage real = replica(options());
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = real.watch(PODS, 1, listener)) {
      Await.result(real.put(PODS + "a", 0, bytes("1"), Duration.ofSeconds(1)));
      Await.result(real.put(PODS + "b", 0, bytes("1"), Duration.ofHours(1)));

      List<StorageEvent> events = listener.awaitRevision(4);
      assertThat(events.getLast().key()).isEqualTo(PODS + "a");
      assertThat(events.getLast().current()).isEmpty();
      assertThat(events.getLast().previous()).isPresent();
    }
  }

  @Test
  void manyKeysShareALease() {
    var leased = new ArrayList<Long>();
    var leases =
        new Leases(
            (_, _) -> {
              leased.add(leased.size() + 1L);
              return Future.succeededFuture(new MessageWriter().number(2, leased.size()).bytes());
            },
            Duration.ofSeconds(60),
            clock);

    assertThat(Await.result(leases.take(Duration.ofHours(1)))).isEqualTo(1);
    clock.advance(Duration.ofSeconds(59));
    assertThat(Await.result(leases.take(Duration.ofHours(1)))).isEqualTo(1);
    clock.advance(Duration.ofSeconds(2));
    assertThat(Await.result(leases.take(Duration.ofHours(1)))).isEqualTo(2);
    for (int i = 0; i < 999; i++) {
      assertThat(Await.result(leases.take(Duration.ofHours(1)))).isEqualTo(2);
    }
    assertThat(Await.result(leases.take(Duration.ofHours(1)))).isEqualTo(3);
    assertThat(Await.result(leases.take(Duration.ofMinutes(10)))).isEqualTo(4);
    leases.forget(4);
    assertThat(Await.result(leases.take(Duration.ofMinutes(10)))).isEqualTo(5);
  }
}
