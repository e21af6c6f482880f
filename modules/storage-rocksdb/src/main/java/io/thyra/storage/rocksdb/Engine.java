package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database itself: opened, closed, and opened again after the disk failed. Native handles live and die in here; whoever
/// uses one holds the lock for reading, so that none is used after it is gone.
final class Engine {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Path directory;
  private final LRUCache blockCache;
  private final BloomFilter filter = new BloomFilter(10, false);
  private final Options settings;
  private final WriteOptions durable = new WriteOptions().setSync(true);
  private final WriteOptions lazy = new WriteOptions();
  private final long spaceNeeded;

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  // Under the lock.
  private @Nullable RocksDB database;

  /// Opens the database, or makes it.
  Engine(Path directory, RocksOptions options) {
    this.directory = directory;
    this.spaceNeeded = 2 * options.memtableBytes();
    this.blockCache = new LRUCache(options.blockCacheBytes());
    this.settings = settings(options);
    try {
      database = RocksDB.open(settings, directory.toString());
    } catch (RocksDBException e) {
      release();
      throw openFailure(e);
    }
  }

  private Options settings(RocksOptions options) {
    return new Options()
        .setCreateIfMissing(true)
        .setParanoidChecks(true)
        // A torn record at the very end was never acknowledged; anything else that does not add up is reported.
        .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
        .setWriteBufferSize(options.memtableBytes())
        .setMaxWriteBufferNumber(2)
        .setMaxTotalWalSize(4 * options.memtableBytes())
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setMaxBackgroundJobs(2)
        .setMaxOpenFiles(256)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setKeepLogFileNum(2)
        .setMaxLogFileSize(1 << 20)
        .setMaxManifestFileSize(8 << 20)
        .setStatsDumpPeriodSec(0)
        .setStatsPersistPeriodSec(0)
        .setTableFormatConfig(
            new BlockBasedTableConfig()
                .setBlockCache(blockCache)
                .setCacheIndexAndFilterBlocks(true)
                .setFilterPolicy(filter)
                .setBlockSize(8 << 10));
  }

  private StorageException openFailure(RocksDBException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("lock ") || message.contains("LOCK")
        ? new StorageException.Failed("the store at " + directory + " is in use by another process", cause)
        : new StorageException.Failed("the store at " + directory + " cannot be opened: " + message, cause);
  }

  /// Runs something over one consistent view.
  <T> T read(Function<View, T> reading) {
    lock.readLock().lock();
    try {
      RocksDB open = database;
      if (open == null) {
        throw new StorageException.Closed();
      }
      try (View view = new View(open)) {
        return reading.apply(view);
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Writes a batch.
  ///
  /// @param sync whether it must be on disk when this returns; one that is not gets there with the next that is
  void write(WriteBatch batch, boolean sync) throws RocksDBException {
    lock.readLock().lock();
    try {
      RocksDB open = database;
      if (open == null) {
        throw new StorageException.Closed();
      }
      open.write(sync ? durable : lazy, batch);
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Makes a copy of the database as it is now in a folder that is not there yet: what is on this disk already is linked, not
  /// copied.
  void checkpoint(Path target) throws RocksDBException {
    lock.readLock().lock();
    try {
      RocksDB open = database;
      if (open == null) {
        throw new StorageException.Closed();
      }
      try (Checkpoint checkpoint = Checkpoint.create(open)) {
        checkpoint.createCheckpoint(target.toString());
      }
    } finally {
      lock.readLock().unlock();
    }
  }

  /// Whether the disk has room again for what opening may write.
  boolean hasSpace() {
    try {
      return Files.getFileStore(directory).getUsableSpace() > spaceNeeded;
    } catch (IOException _) {
      return false;
    }
  }

  /// Closes and opens the database: the only way to have RocksDB write again after its log failed. Readers wait meanwhile. If
  /// it cannot be opened it is opened for reading, so that reads go on.
  void reopen() {
    lock.writeLock().lock();
    try {
      if (database == null) {
        throw new StorageException.Closed();
      }
      database.close();
      try {
        database = RocksDB.open(settings, directory.toString());
      } catch (RocksDBException e) {
        try {
          database = RocksDB.openReadOnly(settings, directory.toString());
        } catch (RocksDBException suppressed) {
          database = null;
          e.addSuppressed(suppressed);
        }
        throw openFailure(e);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  void close() {
    lock.writeLock().lock();
    try {
      if (database != null) {
        flush(database);
        database.close();
        database = null;
        release();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /// Puts into a table what only the log has, so that the next start need not read it back. Nothing depends on it.
  private static void flush(RocksDB open) {
    try (FlushOptions waiting = new FlushOptions().setWaitForFlush(true)) {
      open.flush(waiting);
    } catch (RocksDBException e) {
      LOG.atDebug().setCause(e).log("the log stays to be read at the next start");
    }
  }

  private void release() {
    durable.close();
    lazy.close();
    settings.close();
    filter.close();
    blockCache.close();
  }
}
