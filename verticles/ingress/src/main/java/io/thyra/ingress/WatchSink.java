package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;

/// Where the frames of a watch go: a chunked answer or a WebSocket. Owned by the event loop of its connection.
interface WatchSink {
  /// Whether frames carry their own framing; a WebSocket brings its own.
  boolean framed();

  void write(Buffer frame);

  /// Whether the client lags so far behind that nothing more should be written.
  boolean full();

  /// Calls back once when there is room again.
  void onRoom(Runnable room);

  /// All is said.
  void end();

  /// The client takes nothing; lets it go without ceremony.
  void abort();
}
