package io.thyra.watch;

import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// A watch in a version that answers with a warning.
record WarnedStream(WatchStream watched, List<String> warnings) implements WatchStream {
  @Override
  public String contentType() {
    return watched.contentType();
  }

  @Override
  public boolean text() {
    return watched.text();
  }

  @Override
  public List<Buffer> poll(int bytesMax, boolean framed) {
    return watched.poll(bytesMax, framed);
  }

  @Override
  public void onReady(Runnable wake) {
    watched.onReady(wake);
  }

  @Override
  public boolean ended() {
    return watched.ended();
  }

  @Override
  public void close() {
    watched.close();
  }
}
