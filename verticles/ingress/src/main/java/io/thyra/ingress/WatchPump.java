package io.thyra.ingress;

import io.thyra.wire.WatchStream;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.function.IntConsumer;

/// Moves frames from a watch to its client, at the client's pace:
///
///     Writing -> (caught up) Waiting -> (woken) Writing
///     Writing -> (client full) Blocked -> (room) Writing
///     any -> Closed
///
/// Owned by the event loop of the connection; only the wake-up of the stream comes from elsewhere.
final class WatchPump {
  // One turn of the loop: enough to be efficient, little enough to leave room for the other connections.
  private static final int TURN_BYTES_MAX = 64 * 1024;

  private final WatchStream stream;
  private final WatchSink sink;
  private final IntConsumer counter;
  private final Context context;
  private final Runnable whenClosed;
  private long blockedSinceNanos = -1;
  private boolean closed;

  /// @param counter told the size of each frame
  WatchPump(WatchStream stream, WatchSink sink, IntConsumer counter, Context context, Runnable whenClosed) {
    this.stream = stream;
    this.sink = sink;
    this.counter = counter;
    this.context = context;
    this.whenClosed = whenClosed;
  }

  void go() {
    blockedSinceNanos = -1;
    if (closed) {
      return;
    }
    if (sink.full()) {
      blockedSinceNanos = System.nanoTime();
      sink.onRoom(this::go);
      return;
    }
    List<Buffer> frames = stream.poll(TURN_BYTES_MAX, sink.framed());
    if (frames.isEmpty()) {
      if (stream.ended()) {
        end();
      } else {
        stream.onReady(() -> context.runOnContext(_ -> go()));
      }
      return;
    }
    int bytes = 0;
    for (Buffer frame : frames) {
      bytes += frame.length();
      counter.accept(frame.length());
      sink.write(frame);
    }
    if (bytes < TURN_BYTES_MAX && !stream.ended() && !sink.full()) {
      // There was no more to give.
      stream.onReady(() -> context.runOnContext(_ -> go()));
      return;
    }
    // A fresh task, so that one busy watch does not hold up the others of this event loop.
    context.runOnContext(_ -> go());
  }

  /// Says goodbye to the client: the server drains.
  void end() {
    if (!closed) {
      close();
      sink.end();
    }
  }

  /// The client is gone.
  void close() {
    if (!closed) {
      closed = true;
      stream.close();
      whenClosed.run();
    }
  }

  /// Lets go of a client that took nothing for so long.
  void abortIfStuck(long nowNanos, long stuckNanos) {
    if (!closed && blockedSinceNanos >= 0 && nowNanos - blockedSinceNanos > stuckNanos) {
      close();
      sink.abort();
    }
  }
}
