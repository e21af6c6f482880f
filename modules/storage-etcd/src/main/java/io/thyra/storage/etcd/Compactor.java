package io.thyra.storage.etcd;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets, once in an interval, what is older than the interval. All API servers of a cluster do this through one key whose
/// version is the time: who moves it on compacts, the others learn that somebody did.
/// Source: apiserver pkg/storage/etcd3/compact.go.
///
/// Owned by the engine's loop.
final class Compactor {
  /// The key, outside of every prefix; its value is the revision that was compacted at.
  static final Buffer KEY = Buffer.buffer("compact_rev_key");

  private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

  private final Channel channel;
  private final BiFunction<Protocol.Method, Buffer, Future<Buffer>> calls;
  private final Duration interval;
  private final LongConsumer compacted;
  private Runnable cancel = () -> {};
  private long time;
  private long revision;

  /// @param compacted told the revisions that etcd was compacted at, by whomever
  Compactor(Channel channel, BiFunction<Protocol.Method, Buffer, Future<Buffer>> calls, Duration interval, LongConsumer compacted) {
    this.channel = channel;
    this.calls = calls;
    this.interval = interval;
    this.compacted = compacted;
  }

  void start() {
    if (!interval.isZero()) {
      cancel = channel.after(interval, this::run);
    }
  }

  void stop() {
    cancel.run();
  }

  private void run() {
    Buffer value = Buffer.buffer(Long.toString(revision));
    calls
        .apply(Protocol.TXN, Protocol.putAtVersion(KEY, time, value))
        .map(Protocol.TransactionAnswer::decode)
        .compose(this::decide)
        .onFailure(cause -> LOG.atError().log("etcd was not compacted: {}", cause.getMessage()))
        .onComplete(_ -> start());
  }

  private Future<Void> decide(Protocol.TransactionAnswer answer) {
    long before = revision;
    revision = answer.revision();
    if (!answer.succeeded()) {
      time = answer.current().map(Protocol.KeyValue::version).orElse(0L);
      answer.current().ifPresent(current -> compacted.accept(revisionOf(current.value())));
      return Future.succeededFuture();
    }
    time++;
    // Nothing is old enough the first time.
    return before == 0
        ? Future.succeededFuture()
        : calls.apply(Protocol.COMPACT, Protocol.compact(before)).onSuccess(_ -> compacted.accept(before)).mapEmpty();
  }

  /// The revision in the key's value; 0 for anything else.
  static long revisionOf(Buffer value) {
    try {
      return Long.parseLong(value.toString(StandardCharsets.UTF_8));
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
