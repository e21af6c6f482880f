package io.thyra.storage.etcd;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One watch, over as many streams as break under it.
///
/// Everything but `closed` is owned by the engine's loop.
final class EtcdWatch implements Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(EtcdWatch.class);

  /// Somebody who waits until the watch has got somewhere.
  private record Waiting(long revision, Promise<Void> reached) {}

  private final String prefix;
  private final Buffer key;
  private final Buffer end;
  private final WatchListener listener;
  private final Runnable onClose;
  private volatile boolean closed;

  private final List<Waiting> waiting = new ArrayList<>();
  private long position;
  private boolean told;
  private boolean following;

  /// @param prefix what the keys begin with, as the store's users know them
  /// @param key the first key as etcd has it, `end` what is behind the last, empty for the one key
  /// @param onClose called on the thread that closes
  EtcdWatch(String prefix, Buffer key, Buffer end, long afterRevision, WatchListener listener, Runnable onClose) {
    this.prefix = prefix;
    this.key = key;
    this.end = end;
    this.position = afterRevision;
    this.listener = listener;
    this.onClose = onClose;
  }

  String prefix() {
    return prefix;
  }

  Buffer key() {
    return key;
  }

  Buffer end() {
    return end;
  }

  /// Every change up to this revision was given.
  long position() {
    return position;
  }

  boolean isClosed() {
    return closed;
  }

  /// Whether etcd sends this watch's changes at present.
  boolean isFollowing() {
    return following && !closed;
  }

  void following(boolean now) {
    following = now;
    if (!now) {
      release(Long.MAX_VALUE);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
    }
  }

  /// Completes when every change up to a revision was given, or the watch was interrupted.
  Future<Void> reached(long revision) {
    Promise<Void> reached = Promise.promise();
    waiting.add(new Waiting(revision, reached));
    return reached.future();
  }

  /// Gives changes in order, all of one revision together.
  void give(List<StorageEvent> events) {
    List<StorageEvent> fresh =
        events.getFirst().revision() > position ? events : events.stream().filter(event -> event.revision() > position).toList();
    if (!fresh.isEmpty()) {
      position = fresh.getLast().revision();
      tell(() -> listener.onEvents(fresh));
      release(position);
    }
  }

  void progress(long revision) {
    if (revision > position || revision == position && !told) {
      position = revision;
      told = true;
      tell(() -> listener.onProgress(revision));
      release(position);
    }
  }

  private void tell(Runnable call) {
    if (closed) {
      return;
    }
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("prefix", prefix).addKeyValue("revision", position).setCause(e).log("a watch listener failed");
      end(new StorageException.Failed("the watch's listener failed", e));
    }
  }

  void end(StorageException cause) {
    release(Long.MAX_VALUE);
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

  private void release(long reached) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> done = waiting.stream().filter(each -> each.revision() <= reached).toList();
    waiting.removeAll(done);
    done.forEach(each -> each.reached().complete());
  }
}
