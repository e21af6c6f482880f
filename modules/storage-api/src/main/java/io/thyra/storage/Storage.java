package io.thyra.storage;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/// A durable, ordered key-value store with one revision sequence. Every write takes the next revision; a write is
/// acknowledged when it is durable, never before. Keys are `/registry/...`, compared by their UTF-8 bytes.
///
/// All methods may be called from any thread and never block the caller. Futures complete on the caller's context where
/// it has one. They fail with [StorageException] and nothing else.
public interface Storage {
  /// The newest revision whose effects every later read sees. 1 for a store that was never written.
  long revision();

  /// The newest revision that anybody wrote before now, other processes on the same store included. Where a watch of this
  /// process has the prefix and is not there yet, it is told soon.
  default Future<Long> newestRevision(String prefix) {
    return Future.succeededFuture(revision());
  }

  /// The oldest revision that lists and watches may still name; older ones fail with [StorageException.Compacted].
  long compactedRevision();

  Future<Optional<Stored>> get(String key);

  /// Writes a value to a key in an expected state.
  ///
  /// @param expectedRevision the modRevision that the key must have; 0 when it must not exist
  /// @param timeToLive after which the key is deleted as if by [#delete]; zero for never
  Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive);

  /// Deletes a key whose modRevision is the expected one.
  Future<WriteResult> delete(String key, long expectedRevision);

  /// The keys of a prefix in order, as they were at one revision.
  Future<Page> list(ListRequest request);

  /// Calls the listener with every change of a prefix after a revision, in revision order, without gaps or repeats,
  /// until the subscription is closed or [WatchListener#onEnd] was called.
  Subscription watch(String prefix, long afterRevision, WatchListener listener);

  /// Forgets the history before a revision. Current values stay.
  Future<Void> compact(long revision);

  /// Bytes that the store occupies on disk, as the metrics show them.
  Future<Long> sizeBytes();

  /// Completes when everything that was acknowledged is on disk and the store is released.
  Future<Void> close();
}
