package io.thyra.cache;

import java.util.List;

/// What a cursor found.
public sealed interface Pull {
  /// Changes in revision order, perhaps none.
  ///
  /// @param revision the cursor has now seen every change of its scope up to here; what a bookmark may carry
  /// @param more whether the history goes on behind these; if not, wait with [Cursor#onWake]
  record Events(List<CacheEvent> events, long revision, boolean more) implements Pull {
    public Events {
      events = List.copyOf(events);
    }
  }

  /// The cursor fell off the end of the history, or the cache had to begin anew. It gives nothing any more; the watcher is
  /// told 410 and lists again.
  ///
  /// @param oldest the oldest revision that a cursor may still be opened at
  record Expired(long oldest) implements Pull {}
}
