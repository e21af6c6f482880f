package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/// Frames of a watch as messages of a WebSocket. What the client sends is read and dropped, but for pings and its
/// goodbye. Owned by the event loop of the connection.
final class WebSocketWatchSink implements WatchSink {
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int CONTROL_BYTES_MAX = 125;
  private static final Buffer NORMAL = Buffer.buffer(new byte[] {(byte) 0x03, (byte) 0xe8});

  private final NetSocket socket;
  private final int opcode;
  // What came of a frame that is not complete yet: headers and control frames only, so never more than a few bytes.
  private Buffer pending = Buffer.buffer();
  private long skip;
  private boolean ended;

  WebSocketWatchSink(NetSocket socket, boolean text, int bufferBytesMax) {
    this.socket = socket;
    this.opcode = text ? TEXT : BINARY;
    socket.setWriteQueueMaxSize(bufferBytesMax);
    socket.handler(this::received);
  }

  @Override
  public boolean framed() {
    return false;
  }

  @Override
  public void write(Buffer frame) {
    socket.write(frame(opcode, frame));
  }

  @Override
  public boolean full() {
    return socket.writeQueueFull();
  }

  @Override
  public void onRoom(Runnable room) {
    socket.drainHandler(
        _ -> {
          socket.drainHandler(null);
          room.run();
        });
  }

  @Override
  public void end() {
    if (!ended) {
      ended = true;
      socket.end(frame(CLOSE, NORMAL));
    }
  }

  @Override
  public void abort() {
    ended = true;
    socket.close();
  }

  private static Buffer frame(int opcode, Buffer payload) {
    int length = payload.length();
    Buffer frame = Buffer.buffer(length + 10).appendByte((byte) (0x80 | opcode));
    if (length < 126) {
      frame.appendByte((byte) length);
    } else if (length < 65536) {
      frame.appendByte((byte) 126).appendShort((short) length);
    } else {
      frame.appendByte((byte) 127).appendLong(length);
    }
    return frame.appendBuffer(payload);
  }

  private void received(Buffer bytes) {
    Buffer input = pending.length() == 0 ? bytes : pending.appendBuffer(bytes);
    int at = 0;
    while (true) {
      int left = input.length() - at;
      if (skip > 0) {
        int step = (int) Math.min(skip, left);
        skip -= step;
        at += step;
        left -= step;
      }
      int used = left == 0 ? 0 : frameStart(input, at, left);
      if (used < 0) {
        abort();
        return;
      }
      if (used == 0) {
        pending = left == 0 ? Buffer.buffer() : input.getBuffer(at, input.length());
        return;
      }
      at += used;
    }
  }

  /// Takes one frame's head, and its payload if it is a control frame. The bytes taken, 0 when more must come first,
  /// -1 when the client breaks the protocol.
  private int frameStart(Buffer input, int at, int left) {
    if (left < 2) {
      return 0;
    }
    int code = input.getByte(at) & 0x0f;
    boolean masked = (input.getByte(at + 1) & 0x80) != 0;
    long length = input.getByte(at + 1) & 0x7f;
    int head = 2;
    if (length == 126) {
      head = 4;
    } else if (length == 127) {
      head = 10;
    }
    int whole = head + (masked ? 4 : 0);
    if (left < whole) {
      return 0;
    }
    if (head == 4) {
      length = input.getUnsignedShort(at + 2);
    } else if (head == 10) {
      length = input.getLong(at + 2);
    }
    if (!masked || length < 0) {
      return -1;
    }
    switch (code) {
      case CONTINUATION, TEXT, BINARY -> {
        skip = length;
        return whole;
      }
      case CLOSE, PING, PONG -> {
        if (length > CONTROL_BYTES_MAX) {
          return -1;
        }
        if (left < whole + length) {
          return 0;
        }
        control(code, unmasked(input, at + head, at + whole, (int) length));
        return whole + (int) length;
      }
      default -> {
        return -1;
      }
    }
  }

  private void control(int code, Buffer payload) {
    if (code == PING && !ended) {
      socket.write(frame(PONG, payload));
    } else if (code == CLOSE) {
      end();
    }
  }

  private static Buffer unmasked(Buffer input, int mask, int start, int length) {
    byte[] payload = input.getBytes(start, start + length);
    for (int i = 0; i < length; i++) {
      payload[i] ^= input.getByte(mask + (i & 3));
    }
    return Buffer.buffer(payload);
  }
}
