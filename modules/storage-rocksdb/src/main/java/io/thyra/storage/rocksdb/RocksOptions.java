package io.thyra.storage.rocksdb;

import java.time.Duration;

/// The bounds of an embedded store.
///
/// @param historyRevisions revisions that lists and watches may go back; older ones are compacted as new ones come
/// @param historyBytes bytes of replaced and deleted values that are kept for them, at most
/// @param blockCacheBytes memory for blocks read from disk, indexes and filters included
/// @param memtableBytes memory for what is not in a table file yet; up to twice as much while one is being written
/// @param queueMax writes that may wait; a further one fails at once
/// @param batchMax writes that one fsync makes durable, at most
/// @param batchBytesMax bytes of values in one batch; a larger single value is a batch of its own
/// @param readers threads that read
/// @param readsMax reads that may wait; a further one fails at once
/// @param idleCheck how long the writer sleeps before it looks at the clock for values that outlived their time, and at a
///     failed disk
public record RocksOptions(
    long historyRevisions,
    long historyBytes,
    long blockCacheBytes,
    long memtableBytes,
    int queueMax,
    int batchMax,
    long batchBytesMax,
    int readers,
    int readsMax,
    Duration idleCheck) {
  public static final RocksOptions DEFAULT =
      new RocksOptions(
          100_000, 256L << 20, 16L << 20, 16L << 20, 8_192, 512, 8L << 20, 2, 8_192, Duration.ofMillis(250));

  public RocksOptions {
    if (historyRevisions < 1 || historyBytes < 1 || queueMax < 1 || batchMax < 1 || readers < 1 || readsMax < 1) {
      throw new IllegalArgumentException("every bound must be positive");
    }
  }

  public RocksOptions withHistory(long revisions, long bytes) {
    return new RocksOptions(
        revisions, bytes, blockCacheBytes, memtableBytes, queueMax, batchMax, batchBytesMax, readers, readsMax, idleCheck);
  }

  public RocksOptions withIdleCheck(Duration pause) {
    return new RocksOptions(
        historyRevisions, historyBytes, blockCacheBytes, memtableBytes, queueMax, batchMax, batchBytesMax, readers, readsMax, pause);
  }

  public RocksOptions withMemory(long blockCache, long memtable) {
    return new RocksOptions(
        historyRevisions, historyBytes, blockCache, memtable, queueMax, batchMax, batchBytesMax, readers, readsMax, idleCheck);
  }
}
