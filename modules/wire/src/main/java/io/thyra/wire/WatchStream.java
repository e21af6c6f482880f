package io.thyra.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// An open watch, pulled by the connection that serves it, at its client's pace. Owned by that connection's context;
/// nothing but the wake-up is called from elsewhere.
public interface WatchStream {
  /// The content type of the answer to a chunked HTTP watch; a WebSocket ignores it.
  String contentType();

  /// Whether frames are text (JSON) or binary, for WebSockets.
  boolean text();

  /// Texts for `Warning: 299 - "…"` headers of the answer.
  default List<String> warnings() {
    return List.of();
  }

  /// Whole frames that are ready, up to about so many bytes, at least one when any is; empty when the watch has caught up.
  /// For chunked HTTP a JSON frame ends with a newline and a protobuf frame begins with its length; `framed` false
  /// leaves both out, as WebSockets want it.
  List<Buffer> poll(int bytesMax, boolean framed);

  /// Calls `wake` once, from any thread, when [#poll] may have something or the stream has ended. At once if so already.
  void onReady(Runnable wake);

  /// Whether everything was polled and no more will come: time is up, the history was overrun, the server drains.
  boolean ended();

  /// Lets go of it; harmless when repeated.
  void close();
}
