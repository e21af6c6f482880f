package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;
import io.vertx.core.http.HttpServerRequest;

/// Reads a request body whole. One that is too large is read to its end all the same, up to a point, and dropped: a
/// client that still writes would not see the answer otherwise.
final class BodyReader {
  private static final int DROPPED_FACTOR = 8;

  private final int bytesMax;

  BodyReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Calls back with the body, or with true when it was too large.
  void read(Exchange exchange, BiConsumer<Buffer, Boolean> whole) {
    HttpServerRequest request = exchange.request;
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      exchange.response.writeContinue();
    }
    var reading = new Reading(request, expected(request), whole);
    request.handler(reading::piece);
    request.endHandler(_ -> reading.end());
  }

  private int expected(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Math.min(Integer.parseInt(length), bytesMax);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /// One body on its way; owned by the event loop.
  private final class Reading {
    private final HttpServerRequest request;
    private final BiConsumer<Buffer, Boolean> whole;
    private final Buffer body;
    private long bytes;
    private boolean told;

    Reading(HttpServerRequest request, int expected, BiConsumer<Buffer, Boolean> whole) {
      this.request = request;
      this.whole = whole;
      this.body = Buffer.buffer(expected);
    }

    void piece(Buffer piece) {
      bytes += piece.length();
      if (bytes <= bytesMax) {
        body.appendBuffer(piece);
      } else if (bytes > (long) bytesMax * DROPPED_FACTOR) {
        request.pause();
        tell();
      }
    }

    void end() {
      tell();
    }

    private void tell() {
      if (!told) {
        told = true;
        boolean tooLarge = bytes > bytesMax;
        whole.accept(tooLarge ? Buffer.buffer() : body, tooLarge);
      }
    }
  }
}
