package io.thyra.storage.etcd;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The watches of the engine on one stream of etcd's. When the stream breaks, or shows no life though it was asked for a sign,
/// a new one is opened, at the next server, and every watch goes on behind the last change that it gave. Backpressure is
/// HTTP/2's: the stream is read as fast as the listeners take what it says.
///
/// ```
///   idle --first watch--> opening --open--> following --broken, silent--> waiting --pause--> opening
///                            +---------refused----------------------------->|
/// ```
///
/// How far a watch has got is told by etcd for the whole stream, when asked and when no watch of it is behind.
///
/// Owned by the engine's loop.
final class WatchStream {
  private static final Logger LOG = LoggerFactory.getLogger(WatchStream.class);
  private static final Duration PAUSE_MIN = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

  /// How often the stream is asked again for somebody who waits. Upstream's rhythm.
  private static final Duration HURRY = Duration.ofMillis(100);

  /// Askings without an answer after which the stream is dead.
  private static final int SILENCE_MAX = 3;

  /// A key that nobody writes.
  private static final Buffer SIGN_OF_LIFE = Buffer.buffer("thyra/sign-of-life");

  private final Channel channel;
  private final Duration watchdogInterval;
  private final Function<Buffer, String> keys;
  private final AtomicLong newest;
  private final AtomicLong compacted;

  private final Map<Long, EtcdWatch> watches = new HashMap<>();
  private long lastId;
  private int attempt;
  private boolean opening;
  private boolean ended;
  private Channel.@Nullable Stream stream;
  private Duration pause = PAUSE_MIN;
  private int silence;
  private long wanted;
  private boolean hurrying;
  private Runnable cancelWatchdog = () -> {};

  /// @param keys a key of etcd's as the store's users know it
  /// @param newest the newest revision that any answer had; moved on here too
  /// @param compacted the revision that etcd was last compacted at, as far as it is known; moved on here too
  WatchStream(Channel channel, Duration watchdogInterval, Function<Buffer, String> keys, AtomicLong newest, AtomicLong compacted) {
    this.channel = channel;
    this.watchdogInterval = watchdogInterval;
    this.keys = keys;
    this.newest = newest;
    this.compacted = compacted;
  }

  void add(EtcdWatch watch) {
    if (ended) {
      watch.end(new StorageException.Closed());
      return;
    }
    long id = ++lastId;
    watches.put(id, watch);
    if (stream != null) {
      create(id, watch);
    } else if (!opening) {
      open();
    }
  }

  void remove(EtcdWatch watch) {
    watches
        .entrySet()
        .removeIf(
            entry -> {
              if (entry.getValue() != watch) {
                return false;
              }
              if (stream != null) {
                stream.send(Protocol.cancelWatch(entry.getKey()));
              }
              return true;
            });
    watch.following(false);
  }

  Iterable<EtcdWatch> watches() {
    return watches.values();
  }

  /// Makes etcd say soon how far the watches have got, until all have reached a revision.
  void hurry(long revision) {
    wanted = Math.max(wanted, revision);
    if (!hurrying) {
      hurrying = true;
      askAgain();
    }
  }

  private void askAgain() {
    boolean behind = stream != null && watches.values().stream().anyMatch(watch -> watch.isFollowing() && watch.position() < wanted);
    if (!behind) {
      hurrying = false;
      return;
    }
    stream.send(Protocol.requestProgress());
    channel.after(HURRY, this::askAgain);
  }

  void close(StorageException cause) {
    ended = true;
    attempt++;
    cancelWatchdog.run();
    if (stream != null) {
      stream.close();
      stream = null;
    }
    List<EtcdWatch> all = List.copyOf(watches.values());
    watches.clear();
    all.forEach(watch -> watch.end(cause));
  }

  private void open() {
    opening = true;
    int mine = ++attempt;
    var listener =
        new Channel.StreamListener() {
          @Override
          public void onMessage(Buffer message) {
            if (mine == attempt) {
              receive(message);
            }
          }

          @Override
          public void onBroken(CallFailure cause) {
            lose(mine, cause);
          }
        };
    channel
        .open(Protocol.WATCH, listener)
        .onFailure(cause -> lose(mine, cause))
        .onSuccess(
            opened -> {
              if (mine != attempt) {
                opened.close();
                return;
              }
              opening = false;
              stream = opened;
              silence = 0;
              List.copyOf(watches.entrySet()).forEach(entry -> create(entry.getKey(), entry.getValue()));
              watchdog(mine);
            });
  }

  private void create(long id, EtcdWatch watch) {
    // Not from a revision that is still to come, though nothing before it is wanted: etcd tells no progress on a stream that has
    // such a watch.
    long start = Math.min(watch.position() + 1, Math.max(1, newest.get()));
    stream.send(Protocol.createWatch(id, watch.key(), watch.end(), start));
  }

  /// The stream is gone: the watches go on on a new one, under new ids so that nothing of the old is taken for the new's.
  private void lose(int mine, Throwable cause) {
    if (mine != attempt || ended) {
      return;
    }
    attempt++;
    opening = true;
    stream = null;
    cancelWatchdog.run();
    LOG.atWarn().addKeyValue("watches", watches.size()).addKeyValue("pause", pause).log("the watch stream of etcd broke: {}", cause.getMessage());
    List<EtcdWatch> all = List.copyOf(watches.values());
    watches.clear();
    all.forEach(
        watch -> {
          watch.following(false);
          watches.put(++lastId, watch);
        });
    channel.after(pause, this::open);
    pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
  }

  private void watchdog(int mine) {
    cancelWatchdog =
        channel.after(
            watchdogInterval,
            () -> {
              if (mine != attempt || stream == null) {
                return;
              }
              if (++silence > SILENCE_MAX && !watches.isEmpty()) {
                stream.close();
                lose(mine, new IllegalStateException("no sign of life within " + watchdogInterval.multipliedBy(SILENCE_MAX)));
                return;
              }
              stream.send(Protocol.requestProgress());
              if (silence > 1) {
                // There is no progress to tell while nothing was written since the watches began; a new watch is always told.
                stream.send(Protocol.createWatch(++lastId, SIGN_OF_LIFE, Buffer.buffer(), 0));
              }
              watchdog(mine);
            });
  }

  private void receive(Buffer message) {
    Protocol.WatchAnswer answer;
    try {
      answer = Protocol.WatchAnswer.decode(message);
    } catch (IndexOutOfBoundsException e) {
      LOG.atError().setCause(e).log("etcd sent what is no answer to a watch");
      return;
    }
    silence = 0;
    pause = PAUSE_MIN;
    newest.accumulateAndGet(answer.revision(), Math::max);
    if (answer.watchId() == Protocol.ALL_WATCHES && !answer.canceled()) {
      List.copyOf(watches.values()).stream().filter(EtcdWatch::isFollowing).forEach(watch -> watch.progress(answer.revision()));
      return;
    }
    EtcdWatch watch = watches.get(answer.watchId());
    if (watch == null) {
      if (answer.created() && !answer.canceled()) {
        stream.send(Protocol.cancelWatch(answer.watchId()));
      }
      return;
    }
    if (answer.canceled()) {
      cancelled(answer, watch);
    } else if (answer.created()) {
      watch.following(true);
      // One that begins at the newest has missed nothing; any other learns where it is once it has caught up.
      if (watch.position() >= answer.revision()) {
        watch.progress(answer.revision());
      } else {
        hurry(answer.revision());
      }
    } else if (answer.events().isEmpty()) {
      watch.progress(answer.revision());
    } else {
      deliver(answer, watch);
    }
  }

  private void cancelled(Protocol.WatchAnswer answer, EtcdWatch watch) {
    watches.remove(answer.watchId());
    watch.following(false);
    if (answer.compactRevision() > 0) {
      compacted.accumulateAndGet(answer.compactRevision(), Math::max);
      watch.end(new StorageException.Compacted(watch.position(), answer.compactRevision()));
    } else {
      watch.end(new StorageException.Failed("etcd ended the watch: " + answer.cancelReason(), null));
    }
  }

  private void deliver(Protocol.WatchAnswer answer, EtcdWatch watch) {
    var events = new ArrayList<StorageEvent>(answer.events().size());
    for (Protocol.Event event : answer.events()) {
      Protocol.KeyValue value = event.value();
      boolean creation = !event.deletion() && value.createRevision() == value.modRevision();
      if (!creation && event.previous().isEmpty()) {
        // What was before is compacted: the watch is that far behind.
        watches.remove(answer.watchId());
        stream.send(Protocol.cancelWatch(answer.watchId()));
        watch.following(false);
        watch.end(new StorageException.Compacted(watch.position(), value.modRevision()));
        return;
      }
      String key = keys.apply(value.key());
      events.add(
          new StorageEvent(
              value.modRevision(),
              key,
              event.deletion() ? Optional.empty() : Optional.of(stored(key, value)),
              creation ? Optional.empty() : event.previous().map(previous -> stored(key, previous))));
    }
    watch.give(events);
  }

  private static Stored stored(String key, Protocol.KeyValue value) {
    return new Stored(key, value.value(), value.createRevision(), value.modRevision());
  }
}
