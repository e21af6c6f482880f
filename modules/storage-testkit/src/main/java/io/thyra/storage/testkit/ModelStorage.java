package io.thyra.storage.testkit;

import io.thyra.storage.KeyOrder;
import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.thyra.storage.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The store as it is meant, in memory and without any cleverness: a map, a list of events, and one lock. Everything happens
/// in the calling thread; a write's event reaches the watchers before the write returns. Time to live is honoured when
/// [#expire] is called.
public final class ModelStorage implements Storage {
  private final Clock clock;

  // Under the lock of this.
  private final NavigableMap<String, Stored> current = new TreeMap<>(KeyOrder.UTF8);
  private final Map<String, Long> deadlines = new TreeMap<>(KeyOrder.UTF8);
  private final List<StorageEvent> events = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private long revision = 1;
  private long compacted;
  private boolean closed;

  public ModelStorage(Clock clock) {
    this.clock = clock;
  }

  @Override
  public synchronized long revision() {
    return revision;
  }

  @Override
  public synchronized long compactedRevision() {
    return compacted;
  }

  @Override
  public Future<Optional<Stored>> get(String key) {
    return answer(() -> Optional.ofNullable(current.get(key)));
  }

  @Override
  public Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive) {
    return answer(
        () -> {
          if (key.indexOf('\0') >= 0) {
            throw new StorageException.Failed("a key must not contain NUL", null);
          }
          Stored previous = current.get(key);
          if ((previous == null ? 0 : previous.modRevision()) != expectedRevision) {
            return new WriteResult.Mismatch(Optional.ofNullable(previous));
          }
          long next = revision + 1;
          Stored written = new Stored(key, value, previous == null ? next : previous.createRevision(), next);
          current.put(key, written);
          deadlines.remove(key);
          if (!timeToLive.isZero()) {
            deadlines.put(key, clock.millis() + timeToLive.toMillis());
          }
          publish(new StorageEvent(next, key, Optional.of(written), Optional.ofNullable(previous)));
          return new WriteResult.Written(next);
        });
  }

  @Override
  public Future<WriteResult> delete(String key, long expectedRevision) {
    return answer(
        () -> {
          Stored previous = current.get(key);
          if (previous == null || previous.modRevision() != expectedRevision) {
            return new WriteResult.Mismatch(Optional.ofNullable(previous));
          }
          return new WriteResult.Written(remove(previous));
        });
  }

  private long remove(Stored previous) {
    long next = revision + 1;
    current.remove(previous.key());
    deadlines.remove(previous.key());
    publish(new StorageEvent(next, previous.key(), Optional.empty(), Optional.of(previous)));
    return next;
  }

  /// Deletes what has outlived its time, in the order of the deadlines.
  public synchronized void expire() {
    long now = clock.millis();
    List<Map.Entry<String, Long>> due = new ArrayList<>();
    deadlines.entrySet().stream().filter(each -> each.getValue() <= now).map(Map.Entry::copyOf).forEach(due::add);
    due.sort(Comparator.comparing(Map.Entry::getValue));
    due.forEach(each -> remove(current.get(each.getKey())));
  }

  @Override
  public Future<Page> list(ListRequest request) {
    return answer(
        () -> {
          long at = request.revision() == 0 ? revision : request.revision();
          if (at > revision) {
            throw new StorageException.FutureRevision(at, revision);
          }
          if (at < compacted) {
            throw new StorageException.Compacted(at, compacted);
          }
          List<Stored> matching =
              at(at).tailMap(request.startKey(), true).values().stream()
                  .filter(each -> each.key().startsWith(request.prefix()))
                  .toList();
          int taken = request.limit() == 0 ? matching.size() : Math.min(request.limit(), matching.size());
          long behind = matching.size() - taken;
          return new Page(matching.subList(0, taken), at, behind > 0, request.countRemaining() ? behind : 0);
        });
  }

  private NavigableMap<String, Stored> at(long revision) {
    NavigableMap<String, Stored> then = new TreeMap<>(current);
    for (StorageEvent event : events.reversed()) {
      if (event.revision() <= revision) {
        break;
      }
      event.previous().ifPresentOrElse(previous -> then.put(event.key(), previous), () -> then.remove(event.key()));
    }
    return then;
  }

  @Override
  public synchronized Subscription watch(String prefix, long afterRevision, WatchListener listener) {
    Watch watch = new Watch(prefix, afterRevision, listener);
    if (closed) {
      listener.onEnd(new StorageException.Closed());
    } else if (afterRevision < compacted) {
      listener.onEnd(new StorageException.Compacted(afterRevision, compacted));
    } else {
      List<StorageEvent> missed = events.stream().filter(watch::concerns).toList();
      watches.add(watch);
      watch.give(missed, revision);
    }
    return () -> {
      synchronized (this) {
        watches.remove(watch);
      }
    };
  }

  /// Ends all watches, as an engine does that lost its disk or its peer.
  public synchronized void endWatches(StorageException cause) {
    List<Watch> ended = List.copyOf(watches);
    watches.clear();
    ended.forEach(watch -> watch.listener.onEnd(cause));
  }

  @Override
  public Future<Void> compact(long revision) {
    return this.<Optional<Void>>answer(
            () -> {
              if (revision > this.revision) {
                throw new StorageException.FutureRevision(revision, this.revision);
              }
              compacted = Math.max(compacted, revision);
              events.removeIf(event -> event.revision() <= compacted);
              return Optional.empty();
            })
        .mapEmpty();
  }

  @Override
  public Future<Long> sizeBytes() {
    return answer(() -> current.values().stream().mapToLong(each -> each.key().length() + each.value().length()).sum());
  }

  @Override
  public synchronized Future<Void> close() {
    closed = true;
    endWatches(new StorageException.Closed());
    return Future.succeededFuture();
  }

  private void publish(StorageEvent event) {
    revision = event.revision();
    events.add(event);
    for (Watch watch : List.copyOf(watches)) {
      watch.give(watch.concerns(event) ? List.of(event) : List.of(), revision);
    }
  }

  private synchronized <T> Future<T> answer(Supplier<T> action) {
    if (closed) {
      return Future.failedFuture(new StorageException.Closed());
    }
    try {
      return Future.succeededFuture(action.get());
    } catch (StorageException e) {
      return Future.failedFuture(e);
    }
  }

  private record Watch(String prefix, long after, WatchListener listener) {
    boolean concerns(StorageEvent event) {
      return event.revision() > after && event.key().startsWith(prefix);
    }

    void give(List<StorageEvent> events, long revision) {
      if (!events.isEmpty()) {
        listener.onEvents(events);
      }
      if (revision >= after && (events.isEmpty() || events.getLast().revision() < revision)) {
        listener.onProgress(revision);
      }
    }
  }
}
