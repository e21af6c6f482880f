package io.thyra.watch;

import io.thyra.cache.CacheEvent;
import io.thyra.cache.CachedObject;
import java.util.Optional;
import java.util.function.Predicate;

/// What a watcher is told of a change: an object that begins to match its selectors is added, one that ceases to is deleted,
/// in its last matching state. Source: apiserver pkg/storage/cacher/cache_watcher.go.
///
/// @param event the change, where encodings are kept
record WatchedEvent(CacheEvent.Type type, CachedObject object, CacheEvent event) {
  /// Empty when the change is none of this watcher's concern.
  static Optional<WatchedEvent> of(CacheEvent event, Predicate<CachedObject> selected) {
    boolean before = event.previous().filter(selected).isPresent();
    boolean now = event.current().filter(selected).isPresent();
    if (now) {
      CacheEvent.Type type = before ? CacheEvent.Type.MODIFIED : CacheEvent.Type.ADDED;
      return Optional.of(new WatchedEvent(type, event.current().orElseThrow(), event));
    }
    return before
        ? Optional.of(new WatchedEvent(CacheEvent.Type.DELETED, event.previous().orElseThrow(), event))
        : Optional.empty();
  }
}
