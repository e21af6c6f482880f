package io.thyra.storage.etcd;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Reply;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.thyra.storage.WriteResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// A store in an etcd cluster, laid out as kube-apiserver lays it out, so that any number of these and of the real ones share it.
///
/// A write is one transaction on the key's modRevision. It is acknowledged when etcd has committed it and, as long as etcd sends
/// this process its changes, when the watchers here were given it. One that surely was not done is tried again for a while; of one
/// whose answer was lost it is found out what became of it, see [Settlement], and where that cannot be told it fails saying so.
/// Reads are linearizable and tried again when a server fails.
///
/// All work, the listeners' included, is done on one event loop of its own, which owns all state; the public methods hand over to
/// it. The loop belongs to the store and ends with it. Decisions: docs/adr/0005-etcd-client.md.
public final class EtcdStorage implements Storage {
  private static final String PREFIX = "/registry";

  /// What revisions are used up on.
  private static final Buffer FILLER = Buffer.buffer("thyra/filler");

  /// Writes of it that are under way at a time, and after how many its history is forgotten.
  private static final int FILLERS = 500;

  private static final long FILLER_HISTORY = 200_000;

  /// Keys that one answer to a list may have.
  private static final int PAGE = 1_000;

  /// Times that a list of the newest revision begins anew when a compaction overtakes it.
  private static final int RELISTS = 3;

  /// How long an acknowledgement waits for the watchers of this process.
  private static final Duration WATCHERS_FIRST = Duration.ofMillis(500);

  /// How far back a watch may begin to share the stream of those that follow; while one is behind, etcd tells no progress.
  private static final long NEAR = 1_000;

  private static final Duration RETRY_MIN = Duration.ofMillis(25);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);
  private static final Duration HISTORY_TIMEOUT = Duration.ofSeconds(5);

  private final EtcdOptions options;
  private final Clock clock;
  private final Vertx vertx;
  private final Context loop;
  private final RequestObserver observer;
  private final AtomicLong revision = new AtomicLong();
  private final AtomicLong compacted = new AtomicLong();
  private final Promise<Void> closed = Promise.promise();
  private volatile boolean closing;

  // Owned by the loop.
  private final Channel channel;
  private final WatchStream following;
  private final WatchStream catchingUp;
  private final Leases leases;
  private final Compactor compactor;
  private final NewestRevision newest;
  private int calls;
  private boolean finished;

  private EtcdStorage(EtcdOptions options, Clock clock, RequestObserver observer) {
    this.options = options;
    this.clock = clock;
    this.observer = observer;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(2)
                // The caches take changes in here; nobody else waits for this loop.
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
                .setMaxEventLoopExecuteTime(30));
    this.loop = vertx.getOrCreateContext();
    this.channel = new Channel(vertx, options);
    this.following = new WatchStream(channel, options.watchdogInterval(), this::fromEtcd, revision, compacted);
    this.catchingUp = new WatchStream(channel, options.watchdogInterval(), this::fromEtcd, revision, compacted);
    this.leases = new Leases(this::read, options.leaseReuse(), clock);
    this.compactor = new Compactor(channel, channel::call, options.compactionInterval(), this::seeCompacted);
    this.newest = new NewestRevision(() -> range(new Protocol.Range(toEtcd(PREFIX + "/health"), Buffer.buffer(), 1, 0, true)).map(Protocol.RangeAnswer::revision));
  }

  /// Opens a store in a cluster. The cluster may be away for as long as the options are patient.
  ///
  /// @param observer told every request as the metrics of the real server count them
  /// @return fails with [StorageException.Failed] when no server answers
  public static Future<EtcdStorage> open(EtcdOptions options, Clock clock, RequestObserver observer) {
    var storage = new EtcdStorage(options, clock, observer);
    Reply<EtcdStorage> reply = new Reply<>();
    storage.loop.runOnContext(
        _ ->
            storage
                .begin()
                .onSuccess(_ -> reply.complete(storage))
                .onFailure(
                    cause -> {
                      StorageException failure = storage.failed(cause);
                      storage.shut().onComplete(_ -> reply.fail(failure));
                    }));
    return reply.future();
  }

  private Future<Void> begin() {
    return range(Protocol.Range.key(Compactor.KEY))
        .map(
            answer -> {
              answer.first().ifPresent(value -> seeCompacted(Compactor.revisionOf(value.value())));
              followCompactions(answer.revision());
              compactor.start();
              return null;
            });
  }

  /// Other servers compact too, and say so in the compactor's key.
  private void followCompactions(long after) {
    var listener =
        new WatchListener() {
          @Override
          public void onEvents(List<StorageEvent> events) {
            events.getLast().current().ifPresent(current -> seeCompacted(Compactor.revisionOf(current.value())));
          }

          @Override
          public void onProgress(long revision) {}

          @Override
          public void onEnd(StorageException cause) {
            if (!(cause instanceof StorageException.Closed)) {
              followCompactions(revision());
            }
          }
        };
    add(following, new EtcdWatch("", Compactor.KEY, Buffer.buffer(), after, listener, () -> {}));
  }

  @Override
  public long revision() {
    return revision.get();
  }

  @Override
  public long compactedRevision() {
    return compacted.get();
  }

  private void see(long seen) {
    revision.accumulateAndGet(seen, Math::max);
  }

  private void seeCompacted(long seen) {
    compacted.accumulateAndGet(seen, Math::max);
  }

  // Reads.

  @Override
  public Future<Long> newestRevision(String prefix) {
    return onLoop(
        () ->
            newest
                .get()
                .map(
                    current -> {
                      for (EtcdWatch watch : following.watches()) {
                        if (watch.position() < current && watch.prefix().equals(prefix)) {
                          following.hurry(current);
                          break;
                        }
                      }
                      return current;
                    }));
  }

  @Override
  public Future<Optional<Stored>> get(String key) {
    return onLoop(() -> observed("get", key, range(Protocol.Range.key(toEtcd(key))).map(answer -> answer.first().map(this::stored))));
  }

  @Override
  public Future<Page> list(ListRequest request) {
    return onLoop(() -> observed("list", request.prefix(), list(request, RELISTS)));
  }

  private Future<Page> list(ListRequest request, int relists) {
    long asked = request.revision();
    if (asked > 0 && asked < compactedRevision()) {
      return Future.failedFuture(new StorageException.Compacted(asked, compactedRevision()));
    }
    return pages(request, toEtcd(request.startKey()), asked, new ArrayList<>())
        .recover(
            cause -> {
              if (!(cause instanceof CallFailure failure)) {
                return Future.failedFuture(cause);
              }
              if (failure.isCompacted() && asked == 0 && relists > 0) {
                return list(request, relists - 1);
              }
              if (failure.isCompacted()) {
                return Future.failedFuture(new StorageException.Compacted(asked, Math.max(compactedRevision(), asked + 1)));
              }
              return Future.failedFuture(failure.isFutureRevision() ? new StorageException.FutureRevision(asked, revision()) : failure);
            });
  }

  private Future<Page> pages(ListRequest request, Buffer from, long at, List<Stored> items) {
    int left = request.limit() == 0 ? PAGE : Math.min(PAGE, request.limit() - items.size());
    Buffer end = Protocol.endOf(toEtcd(request.prefix()));
    return range(new Protocol.Range(from, end, left, at, false))
        .compose(
            answer -> {
              answer.values().forEach(value -> items.add(stored(value)));
              long revision = at == 0 ? answer.revision() : at;
              boolean full = request.limit() > 0 && items.size() >= request.limit();
              if (!answer.more() || full) {
                long remaining = request.countRemaining() ? answer.count() - answer.values().size() : 0;
                return Future.succeededFuture(new Page(items, revision, answer.more(), remaining));
              }
              Buffer next = answer.values().getLast().key().copy().appendByte((byte) 0);
              return pages(request, next, revision, items);
            });
  }

  @Override
  public Future<Long> sizeBytes() {
    return onLoop(() -> read(Protocol.STATUS, Buffer.buffer()).map(Protocol::databaseSizeOf));
  }

  /// Asks for one key, once. For health checks.
  ///
  /// @return fails with [StorageException.Failed] when there was no answer in time
  public Future<Void> probe(Duration timeout) {
    Buffer question = Protocol.Range.key(toEtcd(PREFIX + "/health")).encode();
    return onLoop(() -> channel.call(Protocol.RANGE, question, timeout).mapEmpty());
  }

  private Future<Protocol.RangeAnswer> range(Protocol.Range range) {
    return read(Protocol.RANGE, range.encode())
        .map(
            message -> {
              Protocol.RangeAnswer answer = Protocol.RangeAnswer.decode(message);
              see(answer.revision());
              return answer;
            });
  }

  /// Calls what may be done twice until there is an answer, as long as the options are patient.
  private Future<Buffer> read(Protocol.Method method, Buffer message) {
    return patiently(() -> channel.call(method, message), failure -> failure.effect() != CallFailure.Effect.REFUSED);
  }

  private interface Again {
    boolean after(CallFailure failure);
  }

  private Future<Buffer> patiently(Supplier<Future<Buffer>> call, Again again) {
    return patiently(call, again, System.nanoTime() + options.patience().toNanos(), RETRY_MIN);
  }

  private Future<Buffer> patiently(Supplier<Future<Buffer>> call, Again again, long deadline, Duration pause) {
    return call.get()
        .recover(
            cause -> {
              if (closing || System.nanoTime() > deadline || !again.after((CallFailure) cause)) {
                return Future.failedFuture(cause);
              }
              Promise<Buffer> later = Promise.promise();
              Duration doubled = pause.multipliedBy(2);
              channel.after(
                  pause,
                  () -> patiently(call, again, deadline, doubled.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : doubled).onComplete(later));
              return later.future();
            });
  }

  // Writes.

  @Override
  public Future<WriteResult> put(String key, long expectedRevision, Buffer value, Duration timeToLive) {
    if (key.indexOf('\0') >= 0) {
      return Future.failedFuture(new StorageException.Failed("a key must not contain NUL", null));
    }
    var put = new Write.Put(toEtcd(key), expectedRevision, value);
    return onLoop(() -> observed(expectedRevision == 0 ? "create" : "update", key, write(put, key, timeToLive)));
  }

  @Override
  public Future<WriteResult> delete(String key, long expectedRevision) {
    var delete = new Write.Delete(toEtcd(key), expectedRevision);
    if (expectedRevision <= 0) {
      // A deletion of nothing would succeed.
      return get(key).map(WriteResult.Mismatch::new);
    }
    return onLoop(() -> observed("delete", key, write(delete, key, Duration.ZERO)));
  }

  private Future<WriteResult> write(Write write, String key, Duration timeToLive) {
    long before = revision();
    return transact(write, timeToLive, 1, failure -> failure.effect() == CallFailure.Effect.NONE)
        .map(Protocol.TransactionAnswer::decode)
        .compose(answer -> answered(answer, write, key))
        .recover(
            cause ->
                cause instanceof CallFailure failure && failure.effect() == CallFailure.Effect.UNKNOWN
                    ? settle(write, key, timeToLive, before, failure)
                    : Future.failedFuture(cause));
  }

  private Future<Buffer> transact(Write write, Duration timeToLive, int renewals, Again again) {
    Future<Long> lease = timeToLive.isZero() ? Future.succeededFuture(0L) : leases.take(timeToLive);
    return lease.compose(
        id ->
            patiently(() -> channel.call(Protocol.TXN, write.transaction(id)), again)
                .recover(
                    cause -> {
                      if (cause instanceof CallFailure failure && failure.isLeaseNotFound() && renewals > 0) {
                        leases.forget(id);
                        return transact(write, timeToLive, renewals - 1, again);
                      }
                      return Future.failedFuture(cause);
                    }));
  }

  private Future<WriteResult> answered(Protocol.TransactionAnswer answer, Write write, String key) {
    see(answer.revision());
    return answer.succeeded()
        ? watchersFirst(key, answer.revision()).map(_ -> new WriteResult.Written(answer.revision()))
        : Future.succeededFuture(new WriteResult.Mismatch(answer.current().map(this::stored)));
  }

  /// Waits until the watches of this process that follow a key were given a revision, so that who wrote finds it in every cache
  /// here. etcd sends a change before it answers its writer, mostly.
  private Future<Void> watchersFirst(String key, long written) {
    var behind = new ArrayList<Future<Void>>(1);
    for (EtcdWatch watch : following.watches()) {
      if (watch.isFollowing() && watch.position() < written && key.startsWith(watch.prefix()) && !watch.prefix().isEmpty()) {
        behind.add(watch.reached(written));
      }
    }
    if (behind.isEmpty()) {
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    Runnable cancel = channel.after(WATCHERS_FIRST, done::tryComplete);
    Future.join(behind).onComplete(_ -> done.tryComplete());
    return done.future().onComplete(_ -> cancel.run());
  }

  /// Finds out what became of a write whose answer was lost.
  private Future<WriteResult> settle(Write write, String key, Duration timeToLive, long before, CallFailure lost) {
    if (write.expectedRevision() == 0) {
      return range(Protocol.Range.key(write.key()))
          .compose(answer -> history(write, key, before, answer.revision()))
          .compose(events -> settled(Settlement.of(write, events), key, Optional.empty(), lost));
    }
    // Asked for again it is done now, or has been done, or cannot be done any more: the expected revision comes only once.
    return transact(write, timeToLive, 1, failure -> failure.effect() != CallFailure.Effect.REFUSED)
        .map(Protocol.TransactionAnswer::decode)
        .compose(
            answer -> {
              if (answer.succeeded()) {
                return answered(answer, write, key);
              }
              see(answer.revision());
              return history(write, key, write.expectedRevision(), answer.revision())
                  .compose(events -> settled(Settlement.of(write, events), key, answer.current(), lost));
            });
  }

  private Future<WriteResult> settled(Settlement settlement, String key, Optional<Protocol.KeyValue> current, CallFailure lost) {
    return switch (settlement) {
      case Settlement.Done(long at) -> watchersFirst(key, at).map(_ -> new WriteResult.Written(at));
      case Settlement.NotDone _ -> Future.succeededFuture(new WriteResult.Mismatch(current.map(this::stored)));
      case Settlement.Unknown _ ->
          Future.failedFuture(new StorageException.Failed("it is not known whether the write was done: " + lost.getMessage(), lost));
    };
  }

  /// All changes of a write's key after one revision and up to another.
  private Future<List<StorageEvent>> history(Write write, String key, long after, long through) {
    var events = new ArrayList<StorageEvent>();
    Promise<List<StorageEvent>> complete = Promise.promise();
    var listener =
        new WatchListener() {
          @Override
          public void onEvents(List<StorageEvent> batch) {
            events.addAll(batch);
            onProgress(batch.getLast().revision());
          }

          @Override
          public void onProgress(long revision) {
            if (revision >= through) {
              complete.tryComplete(events);
            }
          }

          @Override
          public void onEnd(StorageException cause) {
            complete.tryFail(cause);
          }
        };
    var watch = new EtcdWatch(key, write.key(), Buffer.buffer(), after, listener, () -> {});
    add(catchingUp, watch);
    Runnable cancel =
        channel.after(HISTORY_TIMEOUT, () -> complete.tryFail(new StorageException.Failed("it is not known whether the write was done", null)));
    return complete
        .future()
        .onComplete(
            _ -> {
              cancel.run();
              watch.close();
              catchingUp.remove(watch);
            });
  }

  // Watches and compaction.

  @Override
  public Subscription watch(String prefix, long afterRevision, WatchListener listener) {
    Buffer key = toEtcd(prefix);
    EtcdWatch[] self = new EtcdWatch[1];
    var watch = new EtcdWatch(prefix, key, Protocol.endOf(key), afterRevision, listener, () -> loop.runOnContext(_ -> forget(self[0])));
    self[0] = watch;
    if (closing) {
      watch.end(new StorageException.Closed());
      return watch;
    }
    loop.runOnContext(
        _ -> {
          if (afterRevision < compactedRevision()) {
            watch.end(new StorageException.Compacted(afterRevision, compactedRevision()));
          } else {
            add(revision() - afterRevision <= NEAR ? following : catchingUp, watch);
          }
        });
    return watch;
  }

  private static void add(WatchStream stream, EtcdWatch watch) {
    if (!watch.isClosed()) {
      stream.add(watch);
    }
  }

  private void forget(EtcdWatch watch) {
    following.remove(watch);
    catchingUp.remove(watch);
  }

  @Override
  public Future<Void> compact(long asked) {
    return onLoop(
        () -> {
          if (asked <= compactedRevision()) {
            return Future.succeededFuture();
          }
          return read(Protocol.COMPACT, Protocol.compact(asked))
              .onSuccess(_ -> seeCompacted(asked))
              .<Void>mapEmpty()
              .recover(
                  cause -> {
                    if (cause instanceof CallFailure failure && failure.isCompacted()) {
                      return Future.succeededFuture();
                    }
                    boolean future = cause instanceof CallFailure failure && failure.isFutureRevision();
                    return Future.failedFuture(future ? new StorageException.FutureRevision(asked, revision()) : cause);
                  });
        });
  }

  // Copies.

  /// How long the keys live that do not live for ever.
  public Future<Map<String, Duration>> timesToLive() {
    return onLoop(
        () ->
            read(Protocol.LEASES, Buffer.buffer())
                .compose(
                    answer -> {
                      Future<Map<String, Duration>> all = Future.succeededFuture(new HashMap<>());
                      for (long lease : Protocol.leasesOf(answer)) {
                        all = all.compose(times -> timeToLive(lease, times));
                      }
                      return all;
                    }));
  }

  private Future<Map<String, Duration>> timeToLive(long lease, Map<String, Duration> times) {
    return read(Protocol.LEASE_TIME_TO_LIVE, Protocol.leaseTimeToLive(lease))
        .map(Protocol.LeaseAnswer::decode)
        .map(
            answer -> {
              if (answer.seconds() > 0) {
                answer.keys().forEach(key -> times.put(fromEtcd(key), Duration.ofSeconds(answer.seconds())));
              }
              return times;
            });
  }

  /// Uses revisions up so that the next write takes the one behind a given one, if nobody else writes meanwhile. They go to a key
  /// outside of every prefix, and their history is compacted now and then. Nothing happens when etcd is that far already.
  ///
  /// @param progress told, on the loop, the revision that was reached
  /// @return the newest revision then
  public Future<Long> advance(long target, LongConsumer progress) {
    return onLoop(
        () ->
            range(Protocol.Range.key(FILLER)).compose(answer -> advance(answer.revision(), target, answer.revision(), progress)));
  }

  private Future<Long> advance(long from, long target, long compactedAt, LongConsumer progress) {
    progress.accept(from);
    if (from >= target) {
      return Future.succeededFuture(from);
    }
    if (from - compactedAt > FILLER_HISTORY) {
      return channel.call(Protocol.COMPACT, Protocol.compact(from)).onSuccess(_ -> seeCompacted(from)).compose(_ -> advance(from, target, from, progress));
    }
    var puts = new ArrayList<Future<Buffer>>();
    for (long i = Math.min(FILLERS, target - from); i > 0; i--) {
      puts.add(channel.call(Protocol.PUT, Protocol.put(FILLER, Buffer.buffer())));
    }
    return Future.all(puts)
        .compose(
            _ -> {
              long reached = puts.stream().mapToLong(put -> Protocol.revisionOf(put.result())).max().orElse(from);
              see(reached);
              return advance(reached, target, compactedAt, progress);
            });
  }

  /// Removes the key that [#advance] wrote; that takes a revision too.
  public Future<Void> removeFiller() {
    return onLoop(() -> read(Protocol.DELETE_RANGE, Protocol.deleteRange(FILLER, Buffer.buffer())).mapEmpty());
  }

  /// Deletes every key of a prefix, whatever it holds.
  public Future<Void> deleteAll(String prefix) {
    Buffer key = toEtcd(prefix);
    return onLoop(() -> read(Protocol.DELETE_RANGE, Protocol.deleteRange(key, Protocol.endOf(key))).mapEmpty());
  }

  // The loop, and the end.

  /// Does something on the loop for a caller on any thread, within the bound on calls.
  private <T> Future<T> onLoop(Supplier<Future<T>> work) {
    if (closing) {
      return Future.failedFuture(new StorageException.Closed());
    }
    Reply<T> reply = new Reply<>();
    loop.runOnContext(
        _ -> {
          if (calls >= options.callsMax()) {
            reply.fail(new StorageException.Failed("too many requests wait for etcd", null));
            return;
          }
          calls++;
          work.get()
              .onComplete(
                  result -> {
                    calls--;
                    if (result.succeeded()) {
                      reply.complete(result.result());
                    } else {
                      reply.fail(failed(result.cause()));
                    }
                    if (closing && calls == 0) {
                      finish();
                    }
                  });
        });
    return reply.future();
  }

  private StorageException failed(Throwable cause) {
    return switch (cause) {
      case StorageException known -> known;
      case CallFailure failure when closing -> new StorageException.Closed();
      default -> new StorageException.Failed(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    };
  }

  private <T> Future<T> observed(String operation, String key, Future<T> answer) {
    long begun = System.nanoTime();
    return answer.onComplete(result -> observer.onRequest(operation, key, Duration.ofNanos(System.nanoTime() - begun), result.failed()));
  }

  @Override
  public Future<Void> close() {
    Reply<Void> reply = new Reply<>();
    shut().onComplete(_ -> reply.complete(null));
    return reply.future();
  }

  /// Completes on any thread, since the loop ends with it.
  private Future<Void> shut() {
    if (!closing) {
      closing = true;
      loop.runOnContext(
          _ -> {
            compactor.stop();
            following.close(new StorageException.Closed());
            catchingUp.close(new StorageException.Closed());
            if (calls == 0) {
              finish();
            } else {
              channel.after(options.callTimeout(), this::finish);
            }
          });
    }
    return closed.future();
  }

  private void finish() {
    if (!finished) {
      finished = true;
      channel.close().onComplete(_ -> vertx.close().onComplete(_ -> closed.tryComplete()));
    }
  }

  // Keys.

  private Buffer toEtcd(String key) {
    return Buffer.buffer(options.prefix().equals(PREFIX) || !key.startsWith(PREFIX) ? key : options.prefix() + key.substring(PREFIX.length()));
  }

  private String fromEtcd(Buffer key) {
    String text = key.toString(StandardCharsets.UTF_8);
    boolean given = !options.prefix().equals(PREFIX) && text.startsWith(options.prefix());
    return given ? PREFIX + text.substring(options.prefix().length()) : text;
  }

  private Stored stored(Protocol.KeyValue value) {
    return new Stored(fromEtcd(value.key()), value.value(), value.createRevision(), value.modRevision());
  }
}
