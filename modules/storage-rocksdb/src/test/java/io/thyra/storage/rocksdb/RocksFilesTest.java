package io.thyra.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.storage.ListRequest;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.RecordingListener;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/// What is done with a store's files: snapshots, checks, restores, imports.
class RocksFilesTest {
  private static final String POD = "/registry/pods/default/";

  @TempDir Path directory;

  private Path store() {
    return directory.resolve("store");
  }

  private RocksStorage open() {
    return RocksStorage.open(store(), RocksOptions.DEFAULT, Clock.systemUTC());
  }

  private static long put(RocksStorage storage, String key, long expected, String value) {
    return ((WriteResult.Written) Await.result(storage.put(key, expected, Buffer.buffer(value), Duration.ZERO))).revision();
  }

  /// A stopped store with ten pods, the first of which was changed.
  private long fill() {
    RocksStorage storage = open();
    long first = put(storage, POD + 0, 0, "0");
    for (int i = 1; i < 10; i++) {
      put(storage, POD + i, 0, "" + i);
    }
    put(storage, POD + 0, first, "changed");
    Await.result(storage.put("/registry/events/e", 0, Buffer.buffer("e"), Duration.ofHours(1)));
    long revision = storage.revision();
    Await.result(storage.close());
    return revision;
  }

  private static List<String> findings(Path folder) {
    List<String> findings = new ArrayList<>();
    try (RocksFiles files = RocksFiles.open(folder)) {
      files.check(findings::add, _ -> {});
    }
    return findings;
  }

  private static List<Stored> values(Path folder) {
    List<Stored> values = new ArrayList<>();
    try (RocksFiles files = RocksFiles.open(folder)) {
      files.each(held -> values.add(held.stored()));
    }
    return values;
  }

  @Test
  void findsNothingWrongWithASoundStore() {
    long revision = fill();
    assertThat(findings(store())).isEmpty();
    try (RocksFiles files = RocksFiles.open(store())) {
      assertThat(files.revision()).isEqualTo(revision);
      assertThat(files.olderValues().values()).isEqualTo(1);
      assertThat(files.find(POD + 0)).hasValueSatisfying(held -> assertThat(held.stored().value().toString()).isEqualTo("changed"));
      assertThat(files.find("/registry/events/e")).hasValueSatisfying(held -> assertThat(held.deadline()).isPositive());
    }
    assertThat(values(store())).hasSize(11);
  }

  @Test
  void findsAFlippedByteInATable() throws IOException {
    fill();
    Path table;
    try (Stream<Path> files = Files.list(store().resolve("db"))) {
      table = files.filter(file -> file.toString().endsWith(".sst")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(table);
    bytes[40] ^= 1;
    Files.write(table, bytes);
    assertThat(findings(store())).isNotEmpty().first().asString().contains(table.getFileName().toString(), "corrupt");
  }

  @Test
  void namesTheKeyOfAValueThatDoesNotMatchItsChecksum() throws Exception {
    fill();
    damage(Layout.currentKey(POD + 3), Layout.entry(new Layout.Entry(new Stored(POD + 4, Buffer.buffer("4"), 5, 5), 0)));
    assertThat(findings(store())).anySatisfy(finding -> assertThat(finding).contains(POD + 3, "checksum"));
  }

  @Test
  void namesTheRevisionWhoseValueIsMissing() throws Exception {
    long revision = fill();
    damage(Layout.versionKey(POD + 0, revision - 1), null);
    assertThat(findings(store())).anySatisfy(finding -> assertThat(finding).contains(POD + 0, "revision " + (revision - 1), "missing"));
  }

  @Test
  void namesAValueThatIsNewerThanTheStore() throws Exception {
    fill();
    damage(Layout.META_REVISION, Layout.number(5));
    assertThat(findings(store())).anySatisfy(finding -> assertThat(finding).contains(POD + 9, "cannot be"));
  }

  private void damage(byte[] key, byte @org.jspecify.annotations.Nullable [] value) throws Exception {
    try (Options options = new Options(); RocksDB rocks = RocksDB.open(options, store().resolve("db").toString())) {
      if (value == null) {
        rocks.delete(key);
      } else {
        rocks.put(key, value);
      }
    }
  }

  @Test
  void snapshotsARunningStoreWithItsHistory() {
    RocksStorage storage = open();
    long first = put(storage, POD + "a", 0, "1");
    put(storage, POD + "a", first, "2");
    Path snapshot = directory.resolve("snapshot");
    long revision = Await.result(storage.snapshot(snapshot));
    put(storage, POD + "b", 0, "later");
    Await.result(storage.close());

    assertThat(findings(snapshot)).isEmpty();
    assertThat(values(snapshot)).extracting(Stored::key).containsExactly(POD + "a");
    RocksStorage again = RocksStorage.open(snapshot, RocksOptions.DEFAULT, Clock.systemUTC());
    assertThat(again.revision()).isEqualTo(revision);
    assertThat(Await.result(again.list(new ListRequest(POD, POD, 0, first, false))).items()).extracting(stored -> stored.value().toString()).containsExactly("1");
    Await.result(again.close());
  }

  @Test
  void makesNoSnapshotWhereSomethingIs() throws IOException {
    Path taken = Files.createDirectory(directory.resolve("taken"));
    RocksStorage storage = open();
    assertThatThrownBy(() -> Await.result(storage.snapshot(taken))).hasMessageContaining("is there already");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> Await.result(storage.snapshot(file.resolve("below")))).hasMessageContaining("cannot be made");
    Await.result(storage.close());
  }

  @Test
  void answersItsOwnerOverTheSocket() throws Exception {
    RocksStorage storage = open();
    long revision = put(storage, POD + "a", 0, "1");
    try (AutoCloseable _ = SnapshotSocket.open(store(), storage)) {
      assertThat(Files.getPosixFilePermissions(store().resolve("control"))).hasSize(2);
      assertThat(SnapshotSocket.request(store(), directory.resolve("one"))).isEqualTo(revision);
      assertThatThrownBy(() -> SnapshotSocket.request(store(), directory.resolve("one"))).hasMessageContaining("is there already");
      assertThat(SnapshotSocket.request(store(), directory.resolve("two"))).isEqualTo(revision);
    }
    Await.result(storage.close());
    assertThatThrownBy(() -> SnapshotSocket.request(store(), directory.resolve("three"))).hasMessageContaining("cannot be asked");
    assertThat(findings(directory.resolve("two"))).isEmpty();
  }

  private Path snapshot() {
    Path snapshot = directory.resolve("snapshot");
    try (RocksFiles files = RocksFiles.open(store())) {
      files.copyTo(snapshot, _ -> {});
    }
    return snapshot;
  }

  private long writeMore() {
    RocksStorage storage = open();
    long last = put(storage, POD + "more", 0, "1");
    Await.result(storage.close());
    return last;
  }

  @Test
  void restoresASnapshotAsItWas() {
    long revision = fill();
    Path snapshot = snapshot();
    Path target = directory.resolve("elsewhere");
    assertThat(RocksRestore.restore(snapshot, target, false, _ -> {})).isEqualTo(new RocksRestore.Outcome(revision, false));
    assertThat(values(target)).isEqualTo(values(store()));
    assertThat(findings(target)).isEmpty();
  }

  @Test
  void doesNotLetRevisionsGoBackUnlessTold() {
    long revision = fill();
    Path snapshot = snapshot();
    long last = writeMore();
    List<Stored> before = values(store());
    assertThatThrownBy(() -> RocksRestore.restore(snapshot, store(), false, _ -> {})).hasMessageContaining("must not go back", "" + revision, "" + last);
    assertThat(values(store())).isEqualTo(before);

    RocksRestore.Outcome outcome = RocksRestore.restore(snapshot, store(), true, _ -> {});
    assertThat(outcome.relists()).isTrue();
    assertThat(outcome.revision()).isGreaterThan(last);
    assertThat(values(store())).isEqualTo(values(snapshot));
    assertThat(findings(store())).isEmpty();
    RocksStorage storage = open();
    RecordingListener old = new RecordingListener();
    storage.watch(POD, last, old);
    assertThat(old.awaitEnd()).isInstanceOf(StorageException.Compacted.class);
    assertThat(put(storage, POD + "new", 0, "1")).isEqualTo(outcome.revision() + 1);
    Await.result(storage.close());
  }

  @Test
  void restoresNothingThatIsCorrupt() throws Exception {
    fill();
    Path snapshot = snapshot();
    List<Stored> before = values(store());
    try (Options options = new Options(); RocksDB rocks = RocksDB.open(options, snapshot.resolve("db").toString())) {
      rocks.put(Layout.currentKey(POD + 3), new byte[40]);
    }
    assertThatThrownBy(() -> RocksRestore.restore(snapshot, store(), false, _ -> {})).hasMessageContaining("corrupt");
    assertThat(values(store())).isEqualTo(before);
    assertThat(store().resolve("db.partial")).doesNotExist();
  }

  @Test
  void doesNotBeginAnewWhereARestoreWasInterrupted() throws IOException {
    fill();
    Files.move(store().resolve("db"), store().resolve("db.replaced"));
    assertThatThrownBy(this::open).hasMessageContaining("was being restored");
  }

  @Test
  void importsValuesWithTheirRevisions() {
    Stored stored = new Stored(POD + "a", Buffer.buffer("1"), 40, 70);
    try (RocksImport made = RocksImport.begin(store())) {
      made.put(stored, 0);
      made.put(new Stored("/registry/events/e", Buffer.buffer("e"), 80, 80), 1);
      made.finish(100);
    }
    assertThat(findings(store())).isEmpty();
    RocksStorage storage = open();
    assertThat(Await.result(storage.get(POD + "a"))).contains(stored);
    // What outlived its time on the way is deleted.
    RecordingListener events = new RecordingListener();
    storage.watch("/registry/events/", 100, events);
    assertThat(events.awaitRevision(101)).hasSize(1);
    assertThat(put(storage, POD + "a", 70, "2")).isEqualTo(102);
    assertThatThrownBy(() -> Await.result(storage.list(new ListRequest(POD, POD, 0, 99, false)))).hasMessageContaining("older than the oldest kept");
    Await.result(storage.close());
    assertThatThrownBy(() -> RocksImport.begin(store())).hasMessageContaining("already");
  }

  @Test
  void leavesNothingOfAnImportThatWasNotFinished() {
    try (RocksImport made = RocksImport.begin(store())) {
      made.put(new Stored(POD + "a", Buffer.buffer("1"), 40, 70), 0);
    }
    assertThat(RocksFiles.exist(store())).isFalse();
    assertThat(store().resolve("db.partial")).doesNotExist();
  }
}
