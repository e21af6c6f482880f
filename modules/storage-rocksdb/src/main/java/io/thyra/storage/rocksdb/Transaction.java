package io.thyra.storage.rocksdb;

import io.thyra.storage.Reply;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.thyra.storage.rocksdb.Layout.Change;
import io.thyra.storage.rocksdb.Layout.Entry;
import io.thyra.storage.rocksdb.Layout.Kind;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Several writes that become durable together. Each is checked against what the ones before it leave behind. Nobody is
/// answered before all is on disk, not even who is refused: the reason may be a write of the same batch. Belongs to the
/// writer's thread.
final class Transaction implements AutoCloseable {
  private static final byte[] NOTHING = new byte[0];

  /// What a replaced value costs on disk besides its bytes: two keys, an entry's header, a change.
  private static final int REPLACED_BYTES = 96;

  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

  private final View view;
  private final WriteBatch batch = new WriteBatch();
  private final Map<String, Optional<Entry>> changed = new HashMap<>();
  private final List<StorageEvent> events = new ArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private long nextRevision;
  private long historyBytes;
  private long firstDeadline = Long.MAX_VALUE;

  private record Answer(Reply<WriteResult> reply, WriteResult result) {}

  Transaction(View view, long nextRevision, long historyBytes) {
    this.view = view;
    this.nextRevision = nextRevision;
    this.historyBytes = historyBytes;
  }

  List<StorageEvent> events() {
    return events;
  }

  /// The revision that the next write would take.
  long nextRevision() {
    return nextRevision;
  }

  long historyBytes() {
    return historyBytes;
  }

  /// The earliest deadline that was set.
  long firstDeadline() {
    return firstDeadline;
  }

  void apply(Command.Write write, long nowMillis) {
    try {
      answers.add(new Answer(write.reply(), result(write, nowMillis)));
    } catch (StorageException e) {
      // This one value is corrupt; the others of the batch are well.
      write.reply().fail(e);
    } catch (RocksDBException e) {
      throw new StorageException.Failed("a write batch cannot be made: " + e.getMessage(), e);
    }
  }

  private WriteResult result(Command.Write write, long nowMillis) throws RocksDBException {
    Entry previous = current(write.key());
    long actual = previous == null ? 0 : previous.stored().modRevision();
    boolean expected = actual == write.expectedRevision();
    return switch (write) {
      case Command.Put put when expected -> {
        yield new WriteResult.Written(put(put.key(), previous, put.value(), deadline(put.timeToLive(), nowMillis)));
      }
      case Command.Delete delete when expected && previous != null ->
          new WriteResult.Written(delete(delete.key(), previous));
      case Command.Put _, Command.Delete _ -> new WriteResult.Mismatch(Optional.ofNullable(previous).map(Entry::stored));
    };
  }

  /// 0 for never, and for what nobody will live to see.
  private static long deadline(Duration timeToLive, long nowMillis) {
    return timeToLive.isZero() || timeToLive.compareTo(FOR_EVER) > 0 ? 0 : nowMillis + timeToLive.toMillis();
  }

  private long put(String key, @Nullable Entry previous, Buffer value, long deadline) throws RocksDBException {
    long revision = nextRevision;
    Entry entry =
        new Entry(new Stored(key, value, previous == null ? revision : previous.stored().createRevision(), revision), deadline);
    batch.put(Layout.currentKey(key), Layout.entry(entry));
    if (deadline != 0) {
      batch.put(Layout.expiryKey(deadline, key), NOTHING);
      firstDeadline = Math.min(firstDeadline, deadline);
    }
    // After the new one, since the two deadlines may be the same.
    replace(key, previous, deadline);
    record(previous == null ? Kind.CREATE : Kind.UPDATE, key, entry, previous);
    return revision;
  }

  private long delete(String key, Entry previous) throws RocksDBException {
    long revision = nextRevision;
    batch.delete(Layout.currentKey(key));
    replace(key, previous, 0);
    record(Kind.DELETE, key, null, previous);
    return revision;
  }

  /// Deletes a key whose time is over.
  void expire(byte[] expiryKey) {
    String key = Layout.keyOfExpiry(expiryKey);
    try {
      Entry entry = currentIfReadable(key);
      if (entry != null && entry.deadline() == Layout.deadlineOfExpiry(expiryKey)) {
        delete(key, entry);
      } else {
        batch.delete(expiryKey);
      }
    } catch (RocksDBException e) {
      throw new StorageException.Failed("a write batch cannot be made: " + e.getMessage(), e);
    }
  }

  private @Nullable Entry currentIfReadable(String key) {
    try {
      return current(key);
    } catch (StorageException e) {
      LOG.atError().addKeyValue("key", key).setCause(e).log("a value that outlived its time cannot be read; it stays");
      return null;
    }
  }

  private void replace(String key, @Nullable Entry previous, long newDeadline) throws RocksDBException {
    if (previous == null) {
      return;
    }
    batch.put(Layout.versionKey(key, nextRevision), Layout.entry(previous));
    if (previous.deadline() != 0 && previous.deadline() != newDeadline) {
      batch.delete(Layout.expiryKey(previous.deadline(), key));
    }
    historyBytes += REPLACED_BYTES + 2L * key.length() + previous.stored().value().length();
  }

  private void record(Kind kind, String key, @Nullable Entry entry, @Nullable Entry previous) throws RocksDBException {
    historyBytes += REPLACED_BYTES;
    batch.put(Layout.logKey(nextRevision), Layout.change(new Change(nextRevision, kind, historyBytes, key)));
    changed.put(key, Optional.ofNullable(entry));
    events.add(
        new StorageEvent(
            nextRevision,
            key,
            Optional.ofNullable(entry).map(Entry::stored),
            Optional.ofNullable(previous).map(Entry::stored)));
    nextRevision++;
  }

  private @Nullable Entry current(String key) {
    Optional<Entry> inBatch = changed.get(key);
    return inBatch != null ? inBatch.orElse(null) : view.current(key);
  }

  /// Makes everything durable.
  void commit(Engine engine) throws RocksDBException {
    if (!events.isEmpty()) {
      batch.put(Layout.META_REVISION, Layout.number(events.getLast().revision()));
    }
    if (batch.count() > 0) {
      engine.write(batch, true);
    }
  }

  void answer() {
    answers.forEach(each -> each.reply().complete(each.result()));
  }

  void fail(StorageException cause) {
    answers.forEach(each -> each.reply().fail(cause));
  }

  @Override
  public void close() {
    batch.close();
  }
}
