package io.thyra.cache;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A watcher's place in the history of a resource. It pulls at its own pace and costs nothing while it is idle but its own
/// few words of memory; the history goes on without it, and a cursor that falls off the end is expired.
///
/// Belongs to one reader, which calls it from one thread at a time. Never blocks.
public final class Cursor implements AutoCloseable {
  /// Events looked at in one pull, so that a narrow scope in a busy resource does not hold an event loop for long.
  private static final int SCAN_MAX = 2_048;

  private final ResourceCache cache;
  private final String scope;

  // Owned by the reader.
  private final long afterRevision;
  private long sequence;
  private long revision;
  private long seenNext;

  // Owned by Wakes, under its lock.
  @Nullable Runnable wake;
  @Nullable Cursor left;
  @Nullable Cursor right;

  Cursor(ResourceCache cache, String scope, long sequence, long afterRevision) {
    this.cache = cache;
    this.scope = scope;
    this.sequence = sequence;
    this.afterRevision = afterRevision;
    this.revision = afterRevision;
    this.seenNext = sequence;
  }

  /// A prefix that ends in `/`, or one key.
  public String scope() {
    return scope;
  }

  /// The revision up to which this cursor has seen every change of its scope.
  public long revision() {
    return revision;
  }

  /// The next events of the scope.
  ///
  /// @param max the most that are wanted
  public Pull next(int max) {
    Snapshot snapshot = cache.snapshot();
    seenNext = snapshot.nextSequence;
    List<CacheEvent> events = new ArrayList<>(Math.min(max, 16));
    for (int scanned = 0; sequence < seenNext; scanned++) {
      if (events.size() == max || scanned == SCAN_MAX) {
        return new Pull.Events(events, revision, true);
      }
      CacheEvent event = cache.history().find(sequence);
      if (event == null) {
        return new Pull.Expired(cache.oldestRevision());
      }
      sequence++;
      // A cursor may be opened at a revision that is still to come.
      if (event.revision() > afterRevision) {
        // Several keys may share one revision; it is seen when a later one begins.
        revision = Math.max(revision, event.revision() - 1);
        if (matches(scope, event.key())) {
          events.add(event);
        }
      }
    }
    revision = Math.max(revision, snapshot.revision());
    return new Pull.Events(events, revision, false);
  }

  /// Runs the task once, when the scope has something new or the cursor has expired; at once if that is so already. The task
  /// runs on the thread that brings the change and must do no more than hand over; it may come in vain. A later call replaces
  /// the task of an earlier one.
  public void onWake(Runnable task) {
    cache.wakes().add(this, task);
    if (cache.snapshot().nextSequence != seenNext) {
      Runnable mine = cache.wakes().remove(this);
      if (mine != null) {
        mine.run();
      }
    }
  }

  /// Takes a waiting task back.
  @Override
  public void close() {
    cache.wakes().remove(this);
  }

  static boolean matches(String scope, String key) {
    return scope.endsWith("/") ? key.startsWith(scope) : key.equals(scope);
  }
}
