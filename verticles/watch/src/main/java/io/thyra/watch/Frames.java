package io.thyra.watch;

import io.thyra.cache.CachedObject;
import io.thyra.model.ObjectValue;
import io.vertx.core.buffer.Buffer;

/// Writes the events of one watch in the form that its client accepts. Each kind of frames that does not depend on the
/// watcher is encoded once for all of them. Owned by the watch that made it.
interface Frames {
  String contentType();

  /// Whether frames are text.
  boolean text();

  /// An object that was there when the watch began.
  Buffer initial(CachedObject object, boolean framed);

  Buffer event(WatchedEvent event, boolean framed);

  /// A mark that everything up to a revision was told.
  ///
  /// @param initialEnd whether it ends the objects that were there at the beginning
  Buffer bookmark(long revision, boolean initialEnd, boolean framed);

  /// A Status that ends the watch.
  Buffer error(ObjectValue status, boolean framed);
}
