package io.thyra.ingress;

import io.vertx.core.http.HttpConnection;
import org.jspecify.annotations.Nullable;

/// A client's connection. Owned by its event loop.
final class Link {
  final HttpConnection connection;
  private @Nullable Peer peer;
  private int active;
  private long idleSinceNanos;

  Link(HttpConnection connection, long nowNanos) {
    this.connection = connection;
    this.idleSinceNanos = nowNanos;
  }

  Peer peer() {
    if (peer == null) {
      peer = Peer.of(connection);
    }
    return peer;
  }

  void began() {
    active++;
  }

  void ended(long nowNanos) {
    active--;
    idleSinceNanos = nowNanos;
  }

  boolean idles(long nowNanos, long idleNanos) {
    return active <= 0 && nowNanos - idleSinceNanos > idleNanos;
  }
}
