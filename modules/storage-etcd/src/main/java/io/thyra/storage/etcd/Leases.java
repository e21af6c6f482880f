package io.thyra.storage.etcd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Leases for the keys that live for a time. One lease is shared by the keys that are written within a twentieth of their time
/// to live, at most a minute, so a key may live that much longer than asked; a lease has at most a thousand keys, so that
/// its end is no burst. Source: apiserver pkg/storage/etcd3/lease_manager.go.
///
/// Owned by the engine's loop.
final class Leases {
  private static final int KEYS_MAX = 1_000;
  private static final int SHARED_PART = 20;

  private final BiFunction<Protocol.Method, Buffer, Future<Buffer>> calls;
  private final Duration reuseMax;
  private final Clock clock;

  private long lease;
  private Instant ends = Instant.MIN;
  private int keys;
  // The lease that is being granted, and how long a key of it may live.
  private @Nullable Future<Long> granting;
  private long grantingSeconds;

  /// @param calls how etcd is asked
  Leases(BiFunction<Protocol.Method, Buffer, Future<Buffer>> calls, Duration reuseMax, Clock clock) {
    this.calls = calls;
    this.reuseMax = reuseMax;
    this.clock = clock;
  }

  /// A lease for one more key.
  Future<Long> take(Duration timeToLive) {
    long seconds = Math.max(1, timeToLive.toSeconds());
    long reuse = Math.min(reuseMax.toSeconds(), seconds / SHARED_PART);
    Instant now = clock.instant();
    boolean valid = now.plusSeconds(seconds).isBefore(ends);
    boolean sufficient = !now.plusSeconds(seconds + reuse).isBefore(ends);
    keys++;
    if (valid && sufficient && keys <= KEYS_MAX) {
      return Future.succeededFuture(lease);
    }
    if (granting != null) {
      // Who waits for another time to live looks again afterwards.
      return grantingSeconds == seconds && keys <= KEYS_MAX ? granting : granting.transform(_ -> take(timeToLive));
    }
    return grant(now, seconds, seconds + reuse);
  }

  private Future<Long> grant(Instant now, long seconds, long granted) {
    Promise<Long> promise = Promise.promise();
    granting = promise.future();
    grantingSeconds = seconds;
    keys = 1;
    calls
        .apply(Protocol.LEASE_GRANT, Protocol.grantLease(granted))
        .map(Protocol::leaseOf)
        .onComplete(
            answer -> {
              granting = null;
              if (answer.succeeded()) {
                lease = answer.result();
                ends = now.plusSeconds(granted);
                promise.complete(lease);
              } else {
                promise.fail(answer.cause());
              }
            });
    return promise.future();
  }

  /// A lease is gone before its time.
  void forget(long gone) {
    if (lease == gone) {
      ends = Instant.MIN;
    }
  }
}
