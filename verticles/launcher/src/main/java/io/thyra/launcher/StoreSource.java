package io.thyra.launcher;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.etcd.EtcdOptions;
import io.thyra.storage.etcd.EtcdStorage;
import io.thyra.storage.etcd.RequestObserver;
import io.thyra.storage.rocksdb.RocksFiles;
import io.thyra.storage.rocksdb.RocksFiles.Held;
import io.thyra.storage.rocksdb.SnapshotSocket;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// What a store of either kind holds at one revision. Blocks; belongs to one thread.
sealed interface StoreSource extends AutoCloseable {
  /// What every key of the API begins with.
  String ALL = "/registry/";

  long revision();

  /// About how many objects there are; 0 where that is not known.
  long size();

  /// Everything in key order.
  void each(Consumer<Held> consumer);

  Optional<Held> find(String key);

  @Override
  void close();

  /// The store in a folder. That of a running server is asked for a snapshot, which is read, and deleted at the end.
  static Files ofFolder(Path folder, StoreProgress progress) {
    if (!RocksFiles.exist(folder) || !RocksFiles.inUse(folder)) {
      return new Files(RocksFiles.open(folder), Optional.empty());
    }
    progress.say("reading a snapshot of the running server");
    Path snapshot = folder.resolve("looked-at-" + ProcessHandle.current().pid());
    SnapshotSocket.request(folder, snapshot);
    try {
      return new Files(RocksFiles.open(snapshot), Optional.of(snapshot));
    } catch (RuntimeException e) {
      RocksFiles.delete(snapshot);
      throw e;
    }
  }

  static StoreSource ofCluster(EtcdOptions options) {
    EtcdStorage storage = await(EtcdStorage.open(options, Clock.systemUTC(), RequestObserver.NONE));
    try {
      Page first = await(storage.list(new ListRequest(ALL, ALL, 1, 0, true)));
      return new Etcd(storage, first.revision(), first.items().size() + first.remaining(), await(storage.timesToLive()));
    } catch (RuntimeException e) {
      await(storage.close());
      throw e;
    }
  }

  /// @param temporary what is deleted at the end
  record Files(RocksFiles files, Optional<Path> temporary) implements StoreSource {
    @Override
    public long revision() {
      return files.revision();
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void each(Consumer<Held> consumer) {
      files.each(consumer);
    }

    @Override
    public Optional<Held> find(String key) {
      return files.find(key);
    }

    @Override
    public void close() {
      files.close();
      temporary.ifPresent(RocksFiles::delete);
    }
  }

  /// @param times how long keys live, where that is not for ever
  record Etcd(EtcdStorage storage, long revision, long size, Map<String, Duration> times) implements StoreSource {
    private static final int PAGE = 500;

    @Override
    public void each(Consumer<Held> consumer) {
      String start = ALL;
      while (true) {
        Page page = await(storage.list(new ListRequest(ALL, start, PAGE, revision, false)));
        page.items().forEach(stored -> consumer.accept(held(stored)));
        if (!page.more()) {
          return;
        }
        start = page.items().getLast().key() + '\0';
      }
    }

    private Held held(Stored stored) {
      Duration left = times.get(stored.key());
      return new Held(stored, left == null ? 0 : System.currentTimeMillis() + left.toMillis());
    }

    @Override
    public Optional<Held> find(String key) {
      Page page = await(storage.list(new ListRequest(key, key, 1, revision, false)));
      return page.items().stream().findFirst().filter(stored -> stored.key().equals(key)).map(this::held);
    }

    @Override
    public void close() {
      await(storage.close());
    }
  }

  /// Waits for an engine.
  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StorageException known ? known : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
