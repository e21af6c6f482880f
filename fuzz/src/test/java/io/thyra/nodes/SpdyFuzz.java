package io.thyra.nodes;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;

/// What kubelets answer in SPDY: the first byte says in how large pieces it comes.
public final class SpdyFuzz {
  private SpdyFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    var listener =
        new SpdyClient.Listener() {
          private long bytes;

          @Override
          public void data(int stream, Buffer data) {
            bytes += data.length();
          }

          @Override
          public void ended(int stream) {}

          @Override
          public void gone() {}
        };
    try (var client = new SpdyClient(_ -> {}, listener)) {
      client.open("error");
      client.open("stdout");
      int piece = Math.max(1, data[0] & 0xff);
      for (int at = 1; at < data.length; at += piece) {
        client.receive(Buffer.buffer(Arrays.copyOfRange(data, at, Math.min(data.length, at + piece))));
      }
      if (listener.bytes > data.length) {
        throw new AssertionError("more was told than was sent");
      }
    }
  }
}
