package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;

/// The files of a store that no server is running on, a snapshot's among them: looked at, never changed. As long as it is open
/// no server can start on them. Blocks; belongs to one thread. Throws [StorageException] alone.
public final class RocksFiles implements AutoCloseable {
  private final Path database;
  private final StoreFolder.Hold hold;
  private final Options options;
  private final RocksDB rocks;
  private final View view;

  /// A value that is in the store now.
  ///
  /// @param deadline in milliseconds since 1970; 0 for a value that lives for ever
  public record Held(Stored stored, long deadline) {}

  /// What is kept of older revisions.
  ///
  /// @param values values that were replaced or deleted
  /// @param bytes theirs
  public record OlderValues(long values, long bytes) {}

  private RocksFiles(Path database, StoreFolder.Hold hold, Options options, RocksDB rocks) {
    this.database = database;
    this.hold = hold;
    this.options = options;
    this.rocks = rocks;
    this.view = new View(rocks);
  }

  /// Whether a folder has a store in it.
  public static boolean exist(Path folder) {
    return StoreFolder.holdsDatabase(folder);
  }

  /// Whether a server runs on the store.
  public static boolean inUse(Path folder) {
    try (StoreFolder.Hold _ = StoreFolder.hold(folder)) {
      return false;
    } catch (StoreFolder.InUse _) {
      return true;
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /// Opens the store in a folder.
  ///
  /// @throws StorageException.Failed when there is none, a server runs on it, or it cannot be read
  public static RocksFiles open(Path folder) {
    if (!exist(folder)) {
      throw new StorageException.Failed("there is no store at " + folder, null);
    }
    StoreFolder.Hold hold;
    try {
      hold = StoreFolder.hold(folder);
    } catch (StoreFolder.InUse e) {
      throw new StorageException.Failed(e.getMessage(), e);
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    try {
      return open(folder, hold);
    } catch (RuntimeException e) {
      release(hold);
      throw e;
    }
  }

  private static RocksFiles open(Path folder, StoreFolder.Hold hold) {
    NativeLibrary.load(folder.resolve("native"));
    Path database = folder.resolve(StoreFolder.DATABASE);
    Options options = readOnly();
    try {
      RocksFiles files = new RocksFiles(database, hold, options, RocksDB.openReadOnly(options, database.toString()));
      files.checkFormat(folder);
      return files;
    } catch (RocksDBException e) {
      options.close();
      throw unreadable(folder, e);
    }
  }

  private void checkFormat(Path folder) {
    long format;
    try {
      format = view.number(Layout.META_FORMAT, 0);
    } catch (StorageException _) {
      // Whoever reads on is told.
      return;
    }
    if (format < 1 || format > Layout.FORMAT) {
      close();
      throw new StorageException.Failed(
          "the store at " + folder + " has format " + format + "; this release knows 1 to " + Layout.FORMAT, null);
    }
  }

  private static Options readOnly() {
    return new Options()
        // What is read is verified; a table that cannot be opened must not hide the others.
        .setParanoidChecks(false)
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setMaxOpenFiles(256);
  }

  private static StorageException.Failed unreadable(Path folder, Exception cause) {
    return new StorageException.Failed("the store at " + folder + " cannot be read: " + cause.getMessage(), cause);
  }

  public long revision() {
    return view.revision();
  }

  public long compactedRevision() {
    return view.compacted();
  }

  /// About how many entries of every kind there are, those of the history included.
  public long entries() {
    try {
      return rocks.getLongProperty("rocksdb.estimate-num-keys");
    } catch (RocksDBException _) {
      return 0;
    }
  }

  /// What the store holds now, in key order.
  public void each(Consumer<Held> consumer) {
    try (View.Scan scan = view.new Scan(Layout.CURRENT, "")) {
      for (scan.seek(new byte[] {Layout.CURRENT}); scan.valid(); scan.next()) {
        Layout.Entry entry = Layout.entry(Layout.keyOfCurrent(scan.key()), scan.value());
        consumer.accept(new Held(entry.stored(), entry.deadline()));
      }
    }
  }

  public Optional<Held> find(String key) {
    return Optional.ofNullable(view.current(key)).map(entry -> new Held(entry.stored(), entry.deadline()));
  }

  public OlderValues olderValues() {
    long values = 0;
    long bytes = 0;
    try (View.Scan scan = view.new Scan(Layout.VERSION, "")) {
      for (scan.seek(new byte[] {Layout.VERSION}); scan.valid(); scan.next()) {
        values++;
        bytes += scan.value().length;
      }
    }
    return new OlderValues(values, bytes);
  }

  /// Bytes on the disk.
  public long sizeBytes() {
    try {
      return PrivateFiles.sizeBytes(database);
    } catch (IOException e) {
      throw unreadable(database, e);
    }
  }

  /// Verifies every checksum and every key: of the files' blocks, of each value and change, and that they fit each other.
  ///
  /// @param findings told what is wrong, a sentence each
  /// @param progress told how many entries were looked at
  public void check(Consumer<String> findings, LongConsumer progress) {
    new Inspection(rocks, options, view, findings, progress).run();
  }

  /// Copies the store as it is, with its history, into a folder that is not there yet.
  ///
  /// @param progress told how many bytes were copied
  public void copyTo(Path target, LongConsumer progress) {
    StoreFolder.checkAbsent(target);
    Path partial = target.resolveSibling(target.getFileName() + ".partial");
    try {
      StoreFolder.delete(partial);
      PrivateFiles.createDirectories(partial);
      StoreFolder.copy(database, partial.resolve(StoreFolder.DATABASE), progress);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      StoreFolder.deleteQuietly(partial);
      throw new StorageException.Failed("the snapshot " + target + " cannot be made: " + e.getMessage(), e);
    }
  }

  /// Deletes a snapshot.
  public static void delete(Path snapshot) {
    try {
      StoreFolder.delete(snapshot);
    } catch (IOException e) {
      throw new StorageException.Failed("cannot delete " + snapshot + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    view.close();
    rocks.close();
    options.close();
    release(hold);
  }

  private static void release(StoreFolder.Hold hold) {
    try {
      hold.close();
    } catch (IOException _) {
      // Nothing was written.
    }
  }
}
