package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watch. A reader brings it near the newest revision, then the writer takes it over; only one of them has it at a time,
/// handed over through the writer's queue.
final class LiveWatch implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(LiveWatch.class);

  private final String prefix;
  private final WatchListener listener;
  private volatile boolean closed;

  // Owned by whoever has the watch.
  private long position;

  LiveWatch(String prefix, long afterRevision, WatchListener listener) {
    this.prefix = prefix;
    this.position = afterRevision;
    this.listener = listener;
  }

  String prefix() {
    return prefix;
  }

  /// Every change up to this revision was given, or not wanted.
  long position() {
    return position;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
  }

  /// Gives those of a batch's changes that are of the prefix and still to come for this watch.
  void publish(List<StorageEvent> batch, long revision) {
    List<StorageEvent> mine = List.of();
    for (StorageEvent event : batch) {
      if (event.key().startsWith(prefix) && event.revision() > position) {
        if (mine.isEmpty()) {
          mine = new ArrayList<>(batch.size());
        }
        mine.add(event);
      }
    }
    give(mine, revision, true);
  }

  /// Gives changes, all of them of the prefix.
  ///
  /// @param through the revision up to which these are all
  /// @param progress whether the listener is told so, beyond the events themselves
  void give(List<StorageEvent> events, long through, boolean progress) {
    if (through < position) {
      return;
    }
    position = through;
    try {
      if (!events.isEmpty() && !closed) {
        listener.onEvents(events);
      }
      if (progress && !closed && (events.isEmpty() || events.getLast().revision() < through)) {
        listener.onProgress(through);
      }
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("prefix", prefix).addKeyValue("revision", through).setCause(e).log("a watch listener failed");
      end(new StorageException.Failed("the watch's listener failed", e));
    }
  }

  void end(StorageException cause) {
    if (closed) {
      return;
    }
    closed = true;
    try {
      listener.onEnd(cause);
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("prefix", prefix).setCause(e).log("a watch listener failed at its end");
    }
  }
}
