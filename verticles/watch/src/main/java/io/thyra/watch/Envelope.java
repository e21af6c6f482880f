package io.thyra.watch;

import io.thyra.wire.SharedBytes;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/// What stands around the object of an event. A frame is made whole, with what delimits it on a chunked HTTP connection;
/// for a WebSocket, whose messages delimit themselves, that part is cut off.
enum Envelope {
  /// Lines of `{"type":"ADDED","object":{…}}`.
  JSON("application/json") {
    @Override
    byte[] frame(String type, byte[] object) {
      byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8);
      byte[] frame = new byte[head.length + object.length + 2];
      System.arraycopy(head, 0, frame, 0, head.length);
      System.arraycopy(object, 0, frame, head.length, object.length);
      frame[frame.length - 2] = '}';
      frame[frame.length - 1] = '\n';
      return frame;
    }

    @Override
    Buffer unframed(byte[] frame) {
      return SharedBytes.view(frame).slice(0, frame.length - 1);
    }
  },

  /// Four bytes of length, then a WatchEvent: type = 1, object = 2, a RawExtension whose raw = 1.
  PROTOBUF("application/vnd.kubernetes.protobuf;stream=watch") {
    @Override
    byte[] frame(String type, byte[] object) {
      byte[] word = type.getBytes(StandardCharsets.US_ASCII);
      int raw = 1 + varintSize(object.length) + object.length;
      int length = 2 + word.length + 1 + varintSize(raw) + raw;
      byte[] frame = new byte[LENGTH_BYTES + length];
      for (int i = 0; i < LENGTH_BYTES; i++) {
        frame[i] = (byte) (length >>> (24 - 8 * i));
      }
      int at = LENGTH_BYTES;
      frame[at++] = 0x0a;
      frame[at++] = (byte) word.length;
      System.arraycopy(word, 0, frame, at, word.length);
      at += word.length;
      frame[at++] = 0x12;
      at = putVarint(frame, at, raw);
      frame[at++] = 0x0a;
      at = putVarint(frame, at, object.length);
      System.arraycopy(object, 0, frame, at, object.length);
      return frame;
    }

    @Override
    Buffer unframed(byte[] frame) {
      return SharedBytes.view(frame).slice(LENGTH_BYTES, frame.length);
    }
  };

  private static final int LENGTH_BYTES = 4;

  private final String contentType;

  Envelope(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  abstract byte[] frame(String type, byte[] object);

  abstract Buffer unframed(byte[] frame);

  Buffer buffer(byte[] frame, boolean framed) {
    return framed ? SharedBytes.view(frame) : unframed(frame);
  }

  private static int varintSize(int value) {
    int size = 1;
    for (int rest = value >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static int putVarint(byte[] out, int from, int value) {
    int at = from;
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out[at++] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }
}
