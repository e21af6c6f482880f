package io.thyra.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WriteResult;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.RandomOperations;
import io.thyra.storage.testkit.RecordingListener;
import io.thyra.storage.testkit.StorageContract;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// The contract, and what only a store on a disk can be asked.
class RocksStorageTest extends StorageContract {
  private static final RocksOptions OPTIONS =
      RocksOptions.DEFAULT.withIdleCheck(Duration.ofMillis(2)).withMemory(2 << 20, 2 << 20);
  private static final String PODS = "/registry/pods/";

  @TempDir Path directory;

  @Override
  protected Storage open(Clock clock) {
    return RocksStorage.open(directory, OPTIONS, clock);
  }

  private void reopen(RocksOptions options) {
    Await.result(storage.close());
    storage = RocksStorage.open(directory, options, clock);
  }

  @Test
  void keepsEverythingOverARestart() {
    long one = written(PODS + "a", 0, "1");
    long two = written(PODS + "b", 0, "1");
    long three = written(PODS + "a", one, "2");
    long four = deleted(PODS + "b", two);
    Await.result(storage.compact(one));
    RecordingListener before = new RecordingListener();
    storage.watch(PODS, one, before);
    List<StorageEvent> events = before.awaitRevision(four);
    List<Stored> atThree = listAt(PODS, three).items();

    reopen(OPTIONS);

    assertThat(storage.revision()).isEqualTo(four);
    assertThat(storage.compactedRevision()).isEqualTo(one);
    assertThat(get(PODS + "a")).contains(new Stored(PODS + "a", bytes("2"), one, three));
    assertThat(listAt(PODS, three).items()).isEqualTo(atThree);
    RecordingListener after = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, one, after)) {
      assertThat(after.awaitRevision(four)).isEqualTo(events);
      assertThat(written(PODS + "c", 0, "1")).isEqualTo(four + 1);
    }
  }

  @Test
  void remembersDeadlinesOverARestart() {
    Await.result(storage.put(PODS + "a", 0, bytes("1"), Duration.ofSeconds(10)));
    reopen(OPTIONS);
    RecordingListener listener = new RecordingListener();
    try (Subscription _ = storage.watch(PODS, 2, listener)) {
      clock.advance(Duration.ofSeconds(10));
      assertThat(listener.awaitRevision(3)).hasSize(1);
    }
    assertThat(get(PODS + "a")).isEmpty();
  }

  @Test
  void agreesWithTheModelWhenItIsReopenedMidway() {
    new RandomOperations(storage, clock, () -> {}, 42).run(600);
    long revision = storage.revision();
    List<Stored> all = list("/registry/").items();
    RecordingListener before = new RecordingListener();
    storage.watch("/registry/", storage.compactedRevision(), before);
    List<StorageEvent> events = before.awaitRevision(revision);

    reopen(OPTIONS);

    assertThat(list("/registry/").items()).isEqualTo(all);
    RecordingListener after = new RecordingListener();
    storage.watch("/registry/", storage.compactedRevision(), after);
    assertThat(after.awaitRevision(revision)).isEqualTo(events);
  }

  @Test
  void aCopyTakenWhileItRunsHasEveryAcknowledgedWrite(@TempDir Path copy) throws IOException {
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 40; i++) {
        written(PODS + round + "-" + i, 0, "x".repeat(5_000));
      }
      Path target = copy.resolve("copy" + round);
      copyStore(target);
      RocksStorage crashed = RocksStorage.open(target, OPTIONS, clock);
      try {
        assertThat(crashed.revision()).isEqualTo(storage.revision());
        assertThat(Await.result(crashed.list(ListRequest.all(PODS))).items()).isEqualTo(list(PODS).items());
      } finally {
        Await.result(crashed.close());
      }
    }
  }

  @Test
  void aTornLastRecordIsAWriteThatNeverWas(@TempDir Path copy) throws IOException {
    written(PODS + "a", 0, "1");
    copyStore(copy);
    written(PODS + "b", 0, "2");
    // The log is appended to: the copy lacks its tail, as after a crash.
    Path log = newest(directory, ".log");
    byte[] whole = Files.readAllBytes(log);
    Path target = copy.resolve("db").resolve(log.getFileName());
    int end = lastByte(whole) + 1;
    assertThat(end - 3).isGreaterThan(lastByte(Files.readAllBytes(target)) + 1);
    Files.write(target, Arrays.copyOf(whole, end - 3));

    RocksStorage torn = RocksStorage.open(copy, OPTIONS, clock);
    try {
      assertThat(torn.revision()).isEqualTo(2);
      assertThat(Await.result(torn.get(PODS + "b"))).isEmpty();
      assertThat(Await.result(torn.get(PODS + "a"))).isPresent();
    } finally {
      Await.result(torn.close());
    }
  }

  @Test
  void refusesAStoreThatSomebodyHas() {
    assertThatThrownBy(() -> RocksStorage.open(directory, OPTIONS, clock))
        .isInstanceOf(StorageException.Failed.class)
        .hasMessageContaining("is in use by another process");
  }

  @Test
  void refusesANewerFormat() throws RocksDBException {
    Await.result(storage.close());
    rewrite(Layout.META_FORMAT, Layout.number(2));

    assertThatThrownBy(() -> RocksStorage.open(directory, OPTIONS, clock))
        .isInstanceOf(StorageException.Failed.class)
        .hasMessageContaining("has format 2; this release knows 1 and older");
    rewrite(Layout.META_FORMAT, Layout.number(1));
    storage = open(clock);
  }

  @Test
  void findsAChangedValueAndLeavesTheOthersAlone() throws RocksDBException {
    long one = written(PODS + "a", 0, "1");
    written(PODS + "b", 0, "2");
    Await.result(storage.close());
    byte[] entry = Layout.entry(new Layout.Entry(new Stored(PODS + "a", bytes("1"), one, one), 0));
    entry[entry.length - 1] ^= 4;
    rewrite(Layout.currentKey(PODS + "a"), entry);
    storage = open(clock);

    assertThat(Await.failure(storage.get(PODS + "a"))).isInstanceOf(StorageException.Failed.class).hasMessageContaining("corrupt");
    assertThat(Await.failure(storage.put(PODS + "a", one, bytes("2"), Duration.ZERO))).isInstanceOf(StorageException.Failed.class);
    assertThat(Await.failure(storage.list(ListRequest.all(PODS)))).isInstanceOf(StorageException.Failed.class);
    assertThat(get(PODS + "b")).isPresent();
    assertThat(written(PODS + "c", 0, "3")).isEqualTo(4);
  }

  @Test
  void findsAChangedTableFile() throws IOException {
    for (int i = 0; i < 50; i++) {
      written(PODS + i, 0, "value ".repeat(50));
    }
    // Reading the log back writes a table.
    reopen(OPTIONS);
    Await.result(storage.close());
    Path table = newest(directory, ".sst");
    byte[] bytes = Files.readAllBytes(table);
    bytes[100] ^= 1;
    Files.write(table, bytes);

    assertThatThrownBy(
            () -> {
              storage = RocksStorage.open(directory, OPTIONS, clock);
              Throwable failure = Await.failure(storage.list(ListRequest.all(PODS)));
              throw failure;
            })
        .isInstanceOf(StorageException.Failed.class)
        .hasMessageContaining("checksum mismatch");
  }

  @Test
  void keepsTheLastRevisionsAlone() {
    reopen(OPTIONS.withHistory(100, 1 << 30));
    long revision = 0;
    for (int i = 0; i < 300; i++) {
      revision = written(PODS + "a", revision, "v" + i);
    }

    assertThat(storage.compactedRevision()).isBetween(revision - 110, revision - 100);
    assertThat(listAt(PODS, storage.compactedRevision()).items()).hasSize(1);
    RecordingListener late = new RecordingListener();
    storage.watch(PODS, storage.compactedRevision() - 1, late);
    assertThat(late.awaitEnd()).isInstanceOf(StorageException.Compacted.class);
    RecordingListener intime = new RecordingListener();
    storage.watch(PODS, storage.compactedRevision(), intime);
    assertThat(intime.awaitRevision(revision)).hasSize((int) (revision - storage.compactedRevision()));
    long compacted = storage.compactedRevision();
    reopen(OPTIONS.withHistory(100, 1 << 30));
    assertThat(storage.compactedRevision()).isEqualTo(compacted);
  }

  @Test
  void keepsNoMoreHistoryThanItsBytes() {
    reopen(OPTIONS.withHistory(100_000, 100_000));
    long revision = 0;
    for (int i = 0; i < 100; i++) {
      revision = written(PODS + "a", revision, "x".repeat(10_000));
    }

    assertThat(storage.compactedRevision()).isBetween(revision - 12, revision - 8);
  }

  @Test
  void failsWhatDoesNotFitIntoTheQueueAndLosesNothing() {
    reopen(
        new RocksOptions(1_000, 1 << 20, 1 << 20, 1 << 20, 4, 2, 1 << 20, 1, 4, Duration.ofMillis(2)));
    List<Future<WriteResult>> writes = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      writes.add(storage.put(PODS + i, 0, bytes("1"), Duration.ZERO));
    }
    long done = 0;
    for (Future<WriteResult> write : writes) {
      if (Await.result(write.map(_ -> true).otherwise(false))) {
        done++;
      } else {
        assertThat(write.cause()).isInstanceOf(StorageException.Failed.class);
      }
    }

    assertThat(done).isBetween(1L, 1_999L);
    assertThat(storage.revision()).isEqualTo(1 + done);
  }

  @Test
  void answersOnTheContextOfTheCaller() {
    Vertx vertx = Vertx.vertx();
    try {
      Context context = vertx.getOrCreateContext();
      Promise<List<Boolean>> onContext = Promise.promise();
      context.runOnContext(
          _ ->
              storage
                  .put(PODS + "a", 0, bytes("1"), Duration.ZERO)
                  .compose(
                      _ -> {
                        boolean write = Vertx.currentContext() == context;
                        return storage.get(PODS + "a").map(_ -> List.of(write, Vertx.currentContext() == context));
                      })
                  .onComplete(onContext));

      assertThat(Await.result(onContext.future())).containsExactly(true, true);
    } finally {
      Await.result(vertx.close());
    }
  }

  @Test
  void keepsItsFilesPrivate() throws IOException {
    assertThat(Files.getPosixFilePermissions(directory)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
    reopen(OPTIONS);
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      assertThat(files)
          .isNotEmpty()
          .allMatch(file -> permissions(file).equals("rw-------"), "rw-------");
    }
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void knowsItsSize() {
    Await.result(storage.put(PODS + "a", 0, Buffer.buffer(new byte[100_000]), Duration.ZERO));
    assertThat(Await.result(storage.sizeBytes())).isGreaterThan(100_000);
  }

  private void rewrite(byte[] key, byte[] value) throws RocksDBException {
    Engine engine = new Engine(directory.resolve("db"), OPTIONS);
    try (WriteBatch batch = new WriteBatch()) {
      batch.put(key, value);
      engine.write(batch, true);
    } finally {
      engine.close();
    }
  }

  private void copyStore(Path target) throws IOException {
    Files.createDirectories(target.resolve("db"));
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve("db").resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Path newest(Path directory, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      Optional<Path> last =
          files.filter(file -> file.toString().endsWith(suffix)).max(Comparator.comparing(Path::toString));
      return last.orElseThrow();
    }
  }

  private static int lastByte(byte[] bytes) {
    int last = bytes.length - 1;
    while (last > 0 && bytes[last] == 0) {
      last--;
    }
    return last;
  }
}
