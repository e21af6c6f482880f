package io.thyra.watch;

import io.thyra.cache.CacheEvent;
import io.thyra.cache.CachedObject;
import io.thyra.cache.Cursor;
import io.thyra.cache.EncodingKey;
import io.thyra.cache.Pull;
import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One open watch. It pulls what happened from the history by its own cursor when its client can take more, so that a slow
/// client holds up nobody; one that falls off the end of the history is told 410.
///
/// ```
///   initial --objects told--> mark --(bookmark)--> live --time is up, expired, drained--> ended
/// ```
///
/// Owned by the context of its connection; [#wake] and [#end] may be called from anywhere.
final class WatchSession implements WatchStream {
  /// What a watch was asked for.
  ///
  /// @param initial the objects to begin with; empty for a watch that goes on from a version
  /// @param bookmarks whether the client wants marks
  /// @param initialEnd whether the end of the initial objects is marked
  /// @param initialRevision the revision of the initial objects
  /// @param deadlineNanos when time is up
  record Terms(
      Predicate<CachedObject> selected,
      Optional<Iterator<CachedObject>> initial,
      long initialRevision,
      boolean bookmarks,
      boolean initialEnd,
      long deadlineNanos) {}

  private static final long BOOKMARK_PERIOD_NANOS = 60_000_000_000L;
  private static final long BEFORE_END_NANOS = 2_000_000_000L;
  private static final int PULL_MAX = 128;

  private final WatchedKind kind;
  private final Envelope envelope;
  private final ObjectForm form;
  private final Terms terms;
  private final Cursor cursor;
  private final LongSupplier nanos;
  private final Map<CacheEvent.Type, EncodingKey> keys = new EnumMap<>(CacheEvent.Type.class);
  private final Runnable onClose;

  // Owned by the connection's context.
  private final Deque<CacheEvent> pulled = new ArrayDeque<>();
  private @Nullable Iterator<CachedObject> initial;
  private boolean marked;
  private long nextBookmarkNanos;
  private boolean told;
  private boolean closed;

  private volatile boolean ending;
  private volatile @Nullable Runnable wake;

  WatchSession(WatchedKind kind, Envelope envelope, ObjectForm form, Terms terms, Cursor cursor, LongSupplier nanos, Runnable onClose) {
    this.kind = kind;
    this.envelope = envelope;
    this.form = form;
    this.terms = terms;
    this.cursor = cursor;
    this.nanos = nanos;
    this.onClose = onClose;
    this.initial = terms.initial().orElse(null);
    this.marked = !terms.initialEnd();
    this.nextBookmarkNanos = nextBookmark(nanos.getAsLong());
    for (CacheEvent.Type type : CacheEvent.Type.values()) {
      keys.put(type, new EncodingKey("watch-" + envelope + "-" + form.name() + "-" + type, kind.version().kind().apiVersion()));
    }
  }

  /// A minute from now, or two seconds before the end when that is sooner and not past. Source: apiserver
  /// pkg/storage/cacher/cache_watcher.go.
  private long nextBookmark(long now) {
    long regular = now + BOOKMARK_PERIOD_NANOS;
    long last = terms.deadlineNanos() - BEFORE_END_NANOS;
    return last > now ? Math.min(regular, last) : regular;
  }

  /// When the session wants to be woken though nothing happens.
  long nextTimeNanos() {
    return terms.bookmarks() ? Math.min(nextBookmarkNanos, terms.deadlineNanos()) : terms.deadlineNanos();
  }

  @Override
  public String contentType() {
    return envelope.contentType();
  }

  @Override
  public boolean text() {
    return envelope == Envelope.JSON;
  }

  @Override
  public List<Buffer> poll(int bytesMax, boolean framed) {
    var frames = new ArrayList<Buffer>();
    int bytes = 0;
    while (bytes < bytesMax && !closed) {
      byte[] frame = next();
      if (frame == null) {
        break;
      }
      bytes += frame.length;
      frames.add(envelope.buffer(frame, framed));
    }
    return frames;
  }

  private byte @Nullable [] next() {
    if (ending || nanos.getAsLong() >= terms.deadlineNanos()) {
      ending = true;
      return null;
    }
    if (initial != null) {
      byte[] frame = nextInitial(initial);
      if (frame != null) {
        return frame;
      }
      initial = null;
    }
    if (!marked) {
      marked = true;
      return bookmark(terms.initialRevision(), true);
    }
    byte[] frame = nextEvent();
    if (frame != null) {
      return frame;
    }
    return ending ? null : dueBookmark();
  }

  private byte @Nullable [] nextInitial(Iterator<CachedObject> objects) {
    while (objects.hasNext()) {
      CachedObject object = objects.next();
      if (terms.selected().test(object)) {
        return envelope.frame("ADDED", form.encode(object));
      }
    }
    return null;
  }

  private byte @Nullable [] nextEvent() {
    while (true) {
      for (CacheEvent event = pulled.poll(); event != null; event = pulled.poll()) {
        Optional<WatchedEvent> watched = WatchedEvent.of(event, terms.selected());
        if (watched.isPresent()) {
          return encode(watched.get());
        }
      }
      switch (cursor.next(PULL_MAX)) {
        case Pull.Expired(long oldest) -> {
          return expired(oldest);
        }
        case Pull.Events(List<CacheEvent> events, long _, boolean more) -> {
          pulled.addAll(events);
          if (events.isEmpty() && !more) {
            return null;
          }
        }
      }
    }
  }

  private byte @Nullable [] expired(long oldest) {
    if (told) {
      ending = true;
      return null;
    }
    told = true;
    Failure failure = new Failure.Expired("too old resource version: " + cursor.revision() + " (" + oldest + ")");
    return envelope.frame("ERROR", errorForm(Status.of(failure).toValue()));
  }

  private byte[] errorForm(ObjectValue status) {
    return StatusForm.encode(envelope, status);
  }

  private byte[] encode(WatchedEvent watched) {
    String type = watched.type().name();
    if (form.name().isEmpty()) {
      return frame(watched, type);
    }
    return watched.event().encoded(keys.get(watched.type()), _ -> frame(watched, type));
  }

  private byte[] frame(WatchedEvent watched, String type) {
    byte[] object =
        watched.type() == CacheEvent.Type.DELETED
            ? form.encode(kind.tree(watched.object(), watched.event().revision()))
            : form.encode(watched.object());
    return envelope.frame(type, object);
  }

  private byte @Nullable [] dueBookmark() {
    long now = nanos.getAsLong();
    if (!terms.bookmarks() || now < nextBookmarkNanos) {
      return null;
    }
    nextBookmarkNanos = nextBookmark(now);
    return bookmark(cursor.revision(), false);
  }

  private byte[] bookmark(long revision, boolean initialEnd) {
    return envelope.frame("BOOKMARK", form.encode(kind.bookmark(revision, initialEnd)));
  }

  @Override
  public void onReady(Runnable task) {
    wake = task;
    if (ending || initial != null || !marked || !pulled.isEmpty() || nanos.getAsLong() >= nextTimeNanos()) {
      wake();
      return;
    }
    cursor.onWake(this::wake);
    if (ending) {
      wake();
    }
  }

  /// Has the connection poll again.
  void wake() {
    Runnable task = wake;
    if (task != null) {
      wake = null;
      task.run();
    }
  }

  /// Ends the watch as if its time were up: the server drains.
  void end() {
    ending = true;
    wake();
  }

  @Override
  public boolean ended() {
    return ending || closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wake = null;
      cursor.close();
      onClose.run();
    }
  }
}
