package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Puts a snapshot in place of a store that no server runs on. A revision means one thing for ever, so the newest must not go
/// back: either the snapshot is not older than what it replaces, or the revisions go on behind those that were given, and all
/// before are compacted, so that every client lists anew. Objects keep their versions. What was there is kept beside until the
/// next restore. Blocks.
public final class RocksRestore {
  /// More than a server may have used up without keeping a trace of it.
  private static final long MARGIN = 1_000;

  /// Where nobody knows how far the revisions had got; etcd's documentation advises as much.
  private static final long UNKNOWN = 1_000_000_000;

  /// @param revision the newest one now
  /// @param relists whether the revisions before it are gone
  public record Outcome(long revision, boolean relists) {}

  private RocksRestore() {}

  /// @param older whether the snapshot may be older than the store
  /// @param progress told how many bytes were copied
  /// @throws StorageException.Failed when the snapshot is corrupt or too old, or a server runs; then nothing was changed
  public static Outcome restore(Path snapshot, Path folder, boolean older, LongConsumer progress) {
    try (RocksFiles files = RocksFiles.open(snapshot)) {
      checkSound(files, "the snapshot " + snapshot + " is");
      long restored = files.revision();
      OptionalLong present = present(folder, older);
      boolean back = present.isEmpty() ? older : present.getAsLong() > restored;
      if (back && !older) {
        throw new StorageException.Failed(
            "the snapshot is at revision %d, the store at %d already: revisions must not go back; with --older they go on behind them"
                .formatted(restored, present.getAsLong()),
            null);
      }
      long revision = back ? present.isPresent() ? present.getAsLong() + MARGIN : restored + UNKNOWN : restored;
      install(snapshot, folder, revision, back, progress);
      return new Outcome(revision, back);
    }
  }

  /// The newest revision of the store that is replaced; empty when it cannot be told.
  private static OptionalLong present(Path folder, boolean older) {
    if (!RocksFiles.exist(folder)) {
      return OptionalLong.empty();
    }
    try (RocksFiles files = RocksFiles.open(folder)) {
      return OptionalLong.of(files.revision());
    } catch (StorageException e) {
      if (older && !RocksFiles.inUse(folder)) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  private static void checkSound(RocksFiles files, String what) {
    List<String> findings = new ArrayList<>();
    files.check(findings::add, _ -> {});
    if (!findings.isEmpty()) {
      throw new StorageException.Failed(what + " corrupt: " + findings.getFirst(), null);
    }
  }

  private static void install(Path snapshot, Path folder, long revision, boolean forget, LongConsumer progress) {
    Path partial = folder.resolve(StoreFolder.PARTIAL);
    try {
      PrivateFiles.createDirectories(folder);
      StoreFolder.delete(partial);
      StoreFolder.copy(snapshot.resolve(StoreFolder.DATABASE), partial, progress);
      if (forget) {
        moveOn(partial, revision);
      }
      try (StoreFolder.Hold _ = StoreFolder.hold(folder)) {
        StoreFolder.replace(folder);
      }
    } catch (RocksDBException | IOException e) {
      StoreFolder.deleteQuietly(partial);
      throw new StorageException.Failed("the store at " + folder + " was not restored: " + e.getMessage(), e);
    }
  }

  /// Sets the newest revision, and forgets the history before it.
  private static void moveOn(Path database, long revision) throws RocksDBException, IOException {
    try (Options options = new Options();
        RocksDB rocks = RocksDB.open(options, database.toString());
        WriteBatch batch = new WriteBatch();
        WriteOptions durable = new WriteOptions().setSync(true);
        FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      for (byte space : new byte[] {Layout.VERSION, Layout.LOG}) {
        batch.deleteRange(new byte[] {space}, new byte[] {(byte) (space + 1)});
      }
      batch.put(Layout.META_REVISION, Layout.number(revision));
      batch.put(Layout.META_COMPACTED, Layout.number(revision));
      rocks.write(durable, batch);
      rocks.flush(waiting);
    }
    PrivateFiles.restrict(database);
  }
}
