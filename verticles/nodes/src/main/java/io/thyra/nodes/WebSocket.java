package io.thyra.nodes;

import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;

/// The server's end of a WebSocket over a bare connection. Owned by the event loop of the connection. Source: RFC 6455.
final class WebSocket {
  static final int NORMAL = 1000;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int TOO_BIG = 1009;
  private static final int MESSAGE_BYTES_MAX = 4 << 20;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final NetSocket socket;
  private final Consumer<Buffer> messages;
  private Buffer received = Buffer.buffer();
  private Buffer message = Buffer.buffer();
  private boolean closed;

  /// @param messages told each message
  WebSocket(NetSocket socket, Consumer<Buffer> messages) {
    this.socket = socket;
    this.messages = messages;
  }

  /// The answer to a handshake.
  ///
  /// @param protocol the chosen one; empty for none
  static Buffer head(MultiMap headers, String protocol) {
    return Buffer.buffer(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + WebSocketHeaders.accept(headers)
            + (protocol.isEmpty() ? "" : "\r\nSec-WebSocket-Protocol: " + protocol)
            + "\r\n\r\n");
  }

  void start() {
    socket.handler(
        piece -> {
          received.appendBuffer(piece);
          while (!closed && frame()) {
            continue;
          }
        });
  }

  NetSocket socket() {
    return socket;
  }

  void send(Buffer data) {
    if (!closed) {
      socket.write(framed(BINARY, data));
    }
  }

  void send(String text) {
    if (!closed) {
      socket.write(framed(TEXT, Buffer.buffer(text)));
    }
  }

  /// Says that this is the end, and ends.
  void close(int code) {
    if (!closed) {
      closed = true;
      socket.write(framed(CLOSE, Buffer.buffer().appendUnsignedShort(code)));
      socket.end();
    }
  }

  static Buffer framed(int kind, Buffer data) {
    Buffer frame = Buffer.buffer(data.length() + 10).appendByte((byte) (0x80 | kind));
    if (data.length() < 126) {
      frame.appendByte((byte) data.length());
    } else if (data.length() < 1 << 16) {
      frame.appendByte((byte) 126).appendUnsignedShort(data.length());
    } else {
      frame.appendByte((byte) 127).appendLong(data.length());
    }
    return frame.appendBuffer(data);
  }

  /// Takes one frame off what was received; false where there is no whole one.
  private boolean frame() {
    if (received.length() < 2) {
      return false;
    }
    int first = received.getUnsignedByte(0);
    int second = received.getUnsignedByte(1);
    if ((second & 0x80) == 0) {
      close(PROTOCOL_ERROR);
      return false;
    }
    long length = second & 0x7f;
    int at = 2;
    if (length == 126) {
      at = 4;
      length = received.length() < at ? 0 : received.getUnsignedShort(2);
    } else if (length == 127) {
      at = 10;
      length = received.length() < at ? 0 : received.getLong(2);
    }
    if (length < 0 || length + message.length() > MESSAGE_BYTES_MAX) {
      close(TOO_BIG);
      return false;
    }
    int body = at + 4;
    if (received.length() < body + length) {
      return false;
    }
    byte[] data = received.getBytes(body, body + (int) length);
    for (int i = 0; i < data.length; i++) {
      data[i] ^= received.getByte(at + i % 4);
    }
    received = received.getBuffer(body + (int) length, received.length());
    took(first & 0x0f, (first & 0x80) != 0, Buffer.buffer(data));
    return true;
  }

  private void took(int kind, boolean last, Buffer data) {
    switch (kind) {
      case CLOSE -> close(data.length() >= 2 ? data.getUnsignedShort(0) : NORMAL);
      case PING -> socket.write(framed(PONG, data));
      case PONG -> {}
      default -> {
        message.appendBuffer(data);
        if (last) {
          Buffer whole = message;
          message = Buffer.buffer();
          messages.accept(whole);
        }
      }
    }
  }
}
