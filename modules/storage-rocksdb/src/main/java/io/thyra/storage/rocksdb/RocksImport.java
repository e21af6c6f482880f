package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Fills a new store with values that keep the revisions which they have elsewhere. What is made counts only from [#finish] on;
/// closed before, nothing is left of it. The history before is not there: whoever asks for it is told that it is compacted.
/// Blocks; belongs to one thread.
public final class RocksImport implements AutoCloseable {
  private static final int BATCH_BYTES = 1 << 20;

  private final Path folder;
  private final Options options = new Options().setCreateIfMissing(true).setWriteBufferSize(16L << 20);
  // What is on its way is worth nothing, so it needs no log.
  private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
  private final RocksDB rocks;
  private final WriteBatch batch = new WriteBatch();
  private boolean finished;

  private RocksImport(Path folder) throws RocksDBException {
    this.folder = folder;
    this.rocks = RocksDB.open(options, folder.resolve(StoreFolder.PARTIAL).toString());
  }

  /// Begins a store in a folder that has none.
  ///
  /// @throws StorageException.Failed when there is one
  public static RocksImport begin(Path folder) {
    if (RocksFiles.exist(folder)) {
      throw new StorageException.Failed("there is a store at " + folder + " already", null);
    }
    try {
      PrivateFiles.createDirectories(folder);
      StoreFolder.delete(folder.resolve(StoreFolder.PARTIAL));
      PrivateFiles.createDirectories(folder.resolve(StoreFolder.PARTIAL));
      NativeLibrary.load(folder.resolve("native"));
      return new RocksImport(folder);
    } catch (IOException | RocksDBException e) {
      throw failed(folder, e);
    }
  }

  private static StorageException.Failed failed(Path folder, Exception cause) {
    return new StorageException.Failed("a store cannot be made at " + folder + ": " + cause.getMessage(), cause);
  }

  /// @param deadline in milliseconds since 1970, 0 for none
  public void put(Stored stored, long deadline) {
    try {
      batch.put(Layout.currentKey(stored.key()), Layout.entry(new Layout.Entry(stored, deadline)));
      if (deadline != 0) {
        batch.put(Layout.expiryKey(deadline, stored.key()), new byte[0]);
      }
      if (batch.getDataSize() > BATCH_BYTES) {
        write();
      }
    } catch (RocksDBException e) {
      throw failed(folder, e);
    }
  }

  private void write() throws RocksDBException {
    rocks.write(unlogged, batch);
    batch.clear();
  }

  /// Makes it the folder's store.
  ///
  /// @param revision the newest; no smaller than that of any value
  public void finish(long revision) {
    try {
      batch.put(Layout.META_FORMAT, Layout.number(Layout.FORMAT));
      batch.put(Layout.META_REVISION, Layout.number(revision));
      batch.put(Layout.META_COMPACTED, Layout.number(revision));
      write();
      try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
        rocks.flush(waiting);
      }
      release();
      PrivateFiles.restrict(folder.resolve(StoreFolder.PARTIAL));
      StoreFolder.replace(folder);
      finished = true;
    } catch (RocksDBException | IOException e) {
      throw failed(folder, e);
    }
  }

  private void release() {
    if (rocks.isOwningHandle()) {
      batch.close();
      rocks.close();
      unlogged.close();
      options.close();
    }
  }

  @Override
  public void close() {
    release();
    if (!finished) {
      StoreFolder.deleteQuietly(folder.resolve(StoreFolder.PARTIAL));
    }
  }
}
