package io.thyra.storage.rocksdb;

import io.thyra.storage.KeyOrder;
import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.rocksdb.Layout.Change;
import io.thyra.storage.rocksdb.Layout.Entry;
import io.thyra.storage.rocksdb.Layout.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/// The database as it was when this was made. Belongs to one thread. Throws [StorageException] alone.
final class View implements AutoCloseable {
  private final RocksDB database;
  private final Snapshot snapshot;
  private final ReadOptions options;

  View(RocksDB database) {
    this.database = database;
    this.snapshot = database.getSnapshot();
    this.options = new ReadOptions().setSnapshot(snapshot).setVerifyChecksums(true);
  }

  @Override
  public void close() {
    options.close();
    database.releaseSnapshot(snapshot);
    snapshot.close();
  }

  long number(byte[] name, long absent) {
    byte[] bytes = get(name);
    return bytes == null ? absent : Layout.number(bytes);
  }

  long revision() {
    return number(Layout.META_REVISION, 1);
  }

  long compacted() {
    return number(Layout.META_COMPACTED, 0);
  }

  /// What a key holds now.
  @Nullable Entry current(String key) {
    byte[] bytes = get(Layout.currentKey(key));
    return bytes == null ? null : Layout.entry(key, bytes);
  }

  Page list(ListRequest request) {
    long revision = revision();
    long at = request.revision() == 0 ? revision : request.revision();
    if (at > revision) {
      throw new StorageException.FutureRevision(at, revision);
    }
    long compacted = compacted();
    if (at < compacted) {
      throw new StorageException.Compacted(at, compacted);
    }
    String start = KeyOrder.UTF8.compare(request.startKey(), request.prefix()) > 0 ? request.startKey() : request.prefix();
    return at == revision ? listNewest(request, start, at) : listOlder(request, start, at);
  }

  private Page listNewest(ListRequest request, String start, long at) {
    Collector page = new Collector(request);
    try (Scan scan = new Scan(Layout.CURRENT, request.prefix())) {
      for (scan.seek(Layout.prefixed(Layout.CURRENT, start, 0)); scan.valid() && page.wantsMore(); scan.next()) {
        if (page.wantsItem()) {
          page.add(Layout.entry(Layout.keyOfCurrent(scan.key()), scan.value()).stored());
        } else {
          page.count();
        }
      }
    }
    return page.finish(at);
  }

  /// Merges what keys hold now with what they held before.
  private Page listOlder(ListRequest request, String start, long at) {
    Collector page = new Collector(request);
    try (Scan now = new Scan(Layout.CURRENT, request.prefix());
        Scan before = new Scan(Layout.VERSION, request.prefix())) {
      now.seek(Layout.prefixed(Layout.CURRENT, start, 0));
      before.seek(Layout.prefixed(Layout.VERSION, start, 0));
      while (page.wantsMore()) {
        String current = now.valid() ? Layout.keyOfCurrent(now.key()) : null;
        String older = before.valid() ? Layout.keyOfVersion(before.key()) : null;
        if (older != null && KeyOrder.UTF8.compare(older, start) < 0) {
          // The versions of a key are behind the key itself, and so may be behind a start right after it.
          before.seek(Layout.versionKey(older, -1));
          continue;
        }
        if (current == null && older == null) {
          break;
        }
        int order = current == null ? 1 : older == null ? -1 : KeyOrder.UTF8.compare(current, older);
        String key = order <= 0 ? current : older;
        byte[] entry = order <= 0 ? now.value() : null;
        if (entry == null || Layout.modRevision(entry) > at) {
          entry = order >= 0 ? versionAt(before, key, at) : null;
        }
        if (entry != null) {
          if (page.wantsItem()) {
            page.add(Layout.entry(key, entry).stored());
          } else {
            page.count();
          }
        }
        if (order <= 0) {
          now.next();
        }
        if (order >= 0) {
          before.seek(Layout.versionKey(key, -1));
        }
      }
    }
    return page.finish(at);
  }

  /// What a key held at a revision, of what was replaced later.
  private static byte @Nullable [] versionAt(Scan versions, String key, long revision) {
    versions.seek(Layout.versionKey(key, revision + 1));
    if (!versions.valid() || !Layout.keyOfVersion(versions.key()).equals(key)) {
      return null;
    }
    byte[] entry = versions.value();
    return Layout.modRevision(entry) <= revision ? entry : null;
  }

  /// Changes after a revision.
  ///
  /// @param events those of the prefix, in order
  /// @param through all up to here were looked at
  record Changes(List<StorageEvent> events, long through) {}

  /// The changes of a prefix after a revision, as many as the bounds allow.
  ///
  /// @param scanMax changes to look at
  /// @param bytesMax bytes of values to gather; one event may exceed it
  Changes changes(String prefix, long after, int scanMax, long bytesMax) {
    long compacted = compacted();
    if (after < compacted) {
      throw new StorageException.Compacted(after, compacted);
    }
    List<StorageEvent> events = new ArrayList<>();
    int scanned = 0;
    long bytes = 0;
    try (Scan log = new Scan(Layout.LOG, "");
        Scan versions = new Scan(Layout.VERSION, prefix)) {
      for (log.seek(Layout.logKey(after + 1)); log.valid(); log.next()) {
        Change change = Layout.change(log.key(), log.value());
        if (scanned++ == scanMax || bytes > bytesMax) {
          return new Changes(events, change.revision() - 1);
        }
        if (change.key().startsWith(prefix)) {
          StorageEvent event = event(change, versions);
          bytes += size(event.current()) + size(event.previous());
          events.add(event);
        }
      }
    }
    return new Changes(events, revision());
  }

  private static long size(Optional<Stored> stored) {
    return stored.map(each -> each.value().length()).orElse(0);
  }

  /// A change with the values that it left and replaced.
  StorageEvent event(Change change, Scan versions) {
    String key = change.key();
    long revision = change.revision();
    Optional<Stored> previous = Optional.empty();
    if (change.kind() != Kind.CREATE) {
      byte[] bytes = get(Layout.versionKey(key, revision));
      previous = Optional.of(Layout.entry(key, present(bytes, revision)).stored());
    }
    Optional<Stored> current = Optional.empty();
    if (change.kind() != Kind.DELETE) {
      byte[] bytes = get(Layout.currentKey(key));
      if (bytes == null || Layout.modRevision(bytes) != revision) {
        bytes = versionAt(versions, key, revision);
      }
      current = Optional.of(Layout.entry(key, present(bytes, revision)).stored());
    }
    return new StorageEvent(revision, key, current, previous);
  }

  private static byte[] present(byte @Nullable [] bytes, long revision) {
    if (bytes == null) {
      throw new StorageException.Failed("the history at revision " + revision + " is corrupt: a value is missing", null);
    }
    return bytes;
  }

  /// The changes from a revision on, oldest first, while they are wanted.
  void log(long from, Predicate<Change> consumer) {
    try (Scan log = new Scan(Layout.LOG, "")) {
      log.seek(Layout.logKey(from));
      while (log.valid() && consumer.test(Layout.change(log.key(), log.value()))) {
        log.next();
      }
    }
  }

  /// The first change that is kept from a revision on.
  Optional<Change> firstChange(long from) {
    List<Change> first = new ArrayList<>(1);
    log(
        from,
        change -> {
          first.add(change);
          return false;
        });
    return first.stream().findFirst();
  }

  /// What is due at a time, the most urgent first.
  ///
  /// @param expiries keys of the expiry space whose deadline has passed
  /// @param next the deadline after them, or the largest number
  record Due(List<byte[]> expiries, long next) {}

  Due due(long now, int max) {
    List<byte[]> due = new ArrayList<>();
    try (Scan expiries = new Scan(Layout.EXPIRY, "")) {
      for (expiries.seek(new byte[] {Layout.EXPIRY}); expiries.valid(); expiries.next()) {
        byte[] key = expiries.key();
        long deadline = Layout.deadlineOfExpiry(key);
        if (deadline > now || due.size() == max) {
          return new Due(due, deadline);
        }
        due.add(key);
      }
    }
    return new Due(due, Long.MAX_VALUE);
  }

  byte @Nullable [] get(byte[] key) {
    try {
      return database.get(options, key);
    } catch (RocksDBException e) {
      throw new StorageException.Failed("the store cannot be read: " + e.getMessage(), e);
    }
  }

  /// Gathers a page, then counts what is behind it if that is wanted.
  private static final class Collector {
    private final int limit;
    private final boolean counts;
    private final List<Stored> items = new ArrayList<>();
    private long behind;

    Collector(ListRequest request) {
      limit = request.limit() == 0 ? Integer.MAX_VALUE : request.limit();
      counts = request.countRemaining();
    }

    boolean wantsItem() {
      return items.size() < limit;
    }

    boolean wantsMore() {
      return wantsItem() || counts || behind == 0;
    }

    void add(Stored stored) {
      items.add(stored);
    }

    void count() {
      behind++;
    }

    Page finish(long revision) {
      return new Page(items, revision, behind > 0, counts ? behind : 0);
    }
  }

  /// An iterator over the keys of one space that begin with a prefix.
  final class Scan implements AutoCloseable {
    private final Slice end;
    private final ReadOptions bounded;
    private final RocksIterator iterator;

    Scan(byte space, String prefix) {
      end = new Slice(Layout.behindPrefix(Layout.prefixed(space, prefix, 0)));
      bounded = new ReadOptions(options).setIterateUpperBound(end);
      iterator = database.newIterator(bounded);
    }

    void seek(byte[] key) {
      iterator.seek(key);
    }

    void seekToLast() {
      iterator.seekToLast();
    }

    void next() {
      iterator.next();
    }

    void previous() {
      iterator.prev();
    }

    /// Whether there is a key; an iterator that failed has none, and must not pass for one that is through.
    boolean valid() {
      if (iterator.isValid()) {
        return true;
      }
      try {
        iterator.status();
      } catch (RocksDBException e) {
        throw new StorageException.Failed("the store cannot be read: " + e.getMessage(), e);
      }
      return false;
    }

    byte[] key() {
      return iterator.key();
    }

    byte[] value() {
      return iterator.value();
    }

    @Override
    public void close() {
      iterator.close();
      bounded.close();
      end.close();
    }
  }
}
