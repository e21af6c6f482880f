package io.thyra.storage;

import java.util.List;

/// Receives the changes of a prefix. Called by one thread at a time, which it must not block.
public interface WatchListener {
  /// Changes in revision order, one or more. All changes of one revision come in one call.
  void onEvents(List<StorageEvent> events);

  /// All changes up to a revision have been given; without events this is how a quiet prefix learns the time.
  void onProgress(long revision);

  /// No more will come: the revision asked for is compacted, or the store failed or is closing.
  void onEnd(StorageException cause);
}
