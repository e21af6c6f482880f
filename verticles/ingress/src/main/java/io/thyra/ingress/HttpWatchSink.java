package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/// Frames as the chunks of an HTTP/1.1 answer or the data of an HTTP/2 stream.
final class HttpWatchSink implements WatchSink {
  private final HttpServerResponse response;

  HttpWatchSink(HttpServerResponse response, int bufferBytesMax) {
    this.response = response;
    response.setWriteQueueMaxSize(bufferBytesMax);
  }

  @Override
  public boolean framed() {
    return true;
  }

  @Override
  public void write(Buffer frame) {
    response.write(frame);
  }

  @Override
  public boolean full() {
    return response.writeQueueFull();
  }

  @Override
  public void onRoom(Runnable room) {
    response.drainHandler(
        _ -> {
          response.drainHandler(null);
          room.run();
        });
  }

  @Override
  public void end() {
    response.end();
  }

  @Override
  public void abort() {
    response.reset();
  }
}
