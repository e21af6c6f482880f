package io.thyra.storage.rocksdb;

import io.thyra.storage.Reply;
import io.thyra.storage.WriteResult;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/// What the writer is asked, in the order in which it does it.
sealed interface Command {
  /// A change of one key, answered when it is durable and its watchers have seen it.
  sealed interface Write extends Command {
    String key();

    long expectedRevision();

    Reply<WriteResult> reply();
  }

  record Put(String key, long expectedRevision, Buffer value, Duration timeToLive, Reply<WriteResult> reply) implements Write {}

  record Delete(String key, long expectedRevision, Reply<WriteResult> reply) implements Write {}

  record Compact(long revision, Reply<Void> reply) implements Command {}

  /// Takes a watch that has nearly caught up among those that get every batch.
  record Join(LiveWatch watch) implements Command {}

  /// Wakes the writer; it then sees that the store is closing.
  record Wake() implements Command {}
}
