package io.thyra.storage.rocksdb;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Reply;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.thyra.storage.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store in one directory of the local disk, for one process at a time. Writes share fsyncs and are acknowledged when they
/// are on disk and every watcher has been given them; reads run on a few threads of their own, since a native call must
/// neither hold up an event loop nor pin a virtual thread.
///
/// Its first write takes revision 2, as in a fresh etcd. Values are kept byte for byte.
///
/// When the disk is full or broken, writes fail with [StorageException.Failed] and reads go on; writes work again by
/// themselves once the disk does.
///
/// ```
///   <directory>/db      RocksDB's files; the layout is in Layout
///   <directory>/native  the native library, unpacked
///   <directory>/control a socket by which the owner asks the running server for a snapshot, see SnapshotSocket
/// ```
public final class RocksStorage implements Storage {
  private static final Logger LOG = LoggerFactory.getLogger(RocksStorage.class);

  /// Changes that a catching-up watch looks at before it lets others have the thread.
  private static final int CATCH_UP_SCAN = 4_096;

  private static final long CATCH_UP_BYTES = 4L << 20;

  /// How near a watch must be for the writer to take it.
  private static final int NEAR = 64;

  private final Path database;
  private final Engine engine;
  private final ThreadPoolExecutor readers;
  private final Writer writer;
  private final Promise<Void> closed = Promise.promise();

  private RocksStorage(Path database, Engine engine, RocksOptions options, Clock clock) {
    this.database = database;
    this.engine = engine;
    this.writer = new Writer(engine, database, options, clock, this::catchUp, this::release);
    this.readers =
        new ThreadPoolExecutor(
            options.readers(),
            options.readers(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(options.readsMax()),
            task -> Thread.ofPlatform().daemon().name("thyra-rocksdb-read").unstarted(task));
    readers.allowCoreThreadTimeOut(true);
    Thread.ofPlatform().daemon().name("thyra-rocksdb-write").start(writer);
  }

  /// Opens a store, or makes it. Blocks while the newest writes are read back; not for an event loop.
  ///
  /// @param clock what time to live is measured by
  /// @throws StorageException.Failed when another process has the store, when it is corrupt, or of a newer format
  public static RocksStorage open(Path directory, RocksOptions options, Clock clock) {
    Path database = directory.resolve(StoreFolder.DATABASE);
    StoreFolder.checkComplete(directory);
    try {
      PrivateFiles.createDirectories(directory);
      PrivateFiles.createDirectories(database);
      NativeLibrary.load(directory.resolve("native"));
      Engine engine = new Engine(database, options);
      try {
        checkFormat(engine, database);
        PrivateFiles.restrict(database);
        return new RocksStorage(database, engine, options, clock);
      } catch (RuntimeException | IOException e) {
        engine.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException.Failed("the store at " + directory + " cannot be opened: " + e.getMessage(), e);
    }
  }

  private static void checkFormat(Engine engine, Path database) {
    long format = engine.read(view -> view.number(Layout.META_FORMAT, 0));
    if (format > Layout.FORMAT) {
      throw new StorageException.Failed(
          "the store at " + database + " has format " + format + "; this release knows " + Layout.FORMAT + " and older", null);
    }
    if (format == 0) {
      try (WriteBatch batch = new WriteBatch()) {
        batch.put(Layout.META_FORMAT, Layout.number(Layout.FORMAT));
        engine.write(batch, true);
      } catch (RocksDBException e) {
        throw new StorageException.Failed("the store at " + database + " cannot be written: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public long revision() {
    return writer.revision();
  }

  @Override
  public long compactedRevision() {
    return writer.compacted();
  }

  /// Why writes fail at present; empty when they do not.
  public Optional<StorageException> failure() {
    return writer.failure();
  }

  @Override
  public Future<Optional<Stored>> get(String key) {
    return read(view -> Optional.ofNullable(view.current(key)).map(Layout.Entry::stored));
  }

  @Override
  public Future<Page> list(ListRequest request) {
    return read(view -> view.list(request));
  }

  @Override
  public Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive) {
    if (key.indexOf('\0') >= 0) {
      return Future.failedFuture(new StorageException.Failed("a key must not contain NUL", null));
    }
    Reply<WriteResult> reply = new Reply<>();
    writer.submit(new Command.Put(key, expectedRevision, value, timeToLive, reply)).ifPresent(reply::fail);
    return reply.future();
  }

  @Override
  public Future<WriteResult> delete(String key, long expectedRevision) {
    Reply<WriteResult> reply = new Reply<>();
    writer.submit(new Command.Delete(key, expectedRevision, reply)).ifPresent(reply::fail);
    return reply.future();
  }

  @Override
  public Future<Void> compact(long revision) {
    Reply<Void> reply = new Reply<>();
    writer.submit(new Command.Compact(revision, reply)).ifPresent(reply::fail);
    return reply.future();
  }

  @Override
  public Subscription watch(String prefix, long afterRevision, WatchListener listener) {
    LiveWatch watch = new LiveWatch(prefix, afterRevision, listener);
    if (revision() - afterRevision <= NEAR) {
      join(watch);
    } else {
      catchUp(watch);
    }
    return watch;
  }

  private void join(LiveWatch watch) {
    writer.submit(new Command.Join(watch)).ifPresent(watch::end);
  }

  /// Gives a watch what it missed, on a reader's thread, until the writer can take it.
  private void catchUp(LiveWatch watch) {
    try {
      readers.execute(
          () -> {
            if (watch.isClosed()) {
              return;
            }
            try {
              View.Changes missed =
                  engine.read(view -> view.changes(watch.prefix(), watch.position(), CATCH_UP_SCAN, CATCH_UP_BYTES));
              watch.give(missed.events(), missed.through(), false);
            } catch (StorageException e) {
              watch.end(e);
              return;
            }
            if (revision() - watch.position() <= NEAR) {
              join(watch);
            } else {
              catchUp(watch);
            }
          });
    } catch (RejectedExecutionException _) {
      watch.end(readsRefused());
    }
  }

  @Override
  public Future<Long> sizeBytes() {
    return read(
        _ -> {
          try {
            return PrivateFiles.sizeBytes(database);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Makes a snapshot: a store of its own, with its history, in a folder that is not there yet. Writers wait for a moment only.
  /// Where the folder is on the same disk its files are shared with this store until one of the two replaces them.
  ///
  /// @return the newest revision in the snapshot, or a later one
  public Future<Long> snapshot(Path target) {
    return read(
        _ -> {
          Path partial = target.resolveSibling(target.getFileName() + ".partial");
          try {
            StoreFolder.checkAbsent(target);
            StoreFolder.delete(partial);
            PrivateFiles.createDirectories(partial);
            engine.checkpoint(partial.resolve(StoreFolder.DATABASE));
            PrivateFiles.createDirectories(partial.resolve(StoreFolder.DATABASE));
            PrivateFiles.restrict(partial.resolve(StoreFolder.DATABASE));
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            return revision();
          } catch (RocksDBException | IOException e) {
            StoreFolder.deleteQuietly(partial);
            throw new StorageException.Failed("the snapshot " + target + " cannot be made: " + e.getMessage(), e);
          }
        });
  }

  private <T> Future<T> read(Function<View, T> reading) {
    if (writer.isClosing()) {
      return Future.failedFuture(new StorageException.Closed());
    }
    Reply<T> reply = new Reply<>();
    try {
      readers.execute(
          () -> {
            T value;
            try {
              value = engine.read(reading);
            } catch (StorageException e) {
              reply.fail(e);
              return;
            } catch (RuntimeException e) {
              LOG.atError().setCause(e).log("a read of the store failed");
              reply.fail(new StorageException.Failed("the store cannot be read: " + e, e));
              return;
            }
            reply.complete(value);
          });
    } catch (RejectedExecutionException _) {
      reply.fail(readsRefused());
    }
    return reply.future();
  }

  private StorageException readsRefused() {
    return writer.isClosing()
        ? new StorageException.Closed()
        : new StorageException.Failed("too many reads wait for the disk", null);
  }

  @Override
  public Future<Void> close() {
    Reply<Void> reply = new Reply<>();
    closed.future().onSuccess(_ -> reply.complete(null)).onFailure(reply::fail);
    writer.close();
    return reply.future();
  }

  /// Runs when the writer has ended: lets the reads that were taken come to their end, then lets go of the database.
  private void release() {
    readers.shutdown();
    try {
      if (!readers.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.warn("reads of the store did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    engine.close();
    closed.complete();
  }
}
