package io.thyra.nodes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/// The client's end of a SPDY/3.1 connection, as kubelets speak it: without windows. Turns calls into bytes and bytes into
/// calls; owned by one event loop.
final class SpdyClient implements AutoCloseable {
  /// Hears of the streams.
  interface Listener {
    void data(int stream, Buffer data);

    /// The other end says no more on a stream.
    void ended(int stream);

    /// There will be no more on any.
    void gone();
  }

  private static final byte PRIORITY = 0;

  private final EmbeddedChannel codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final Consumer<Buffer> out;
  private final Listener listener;
  private int next = 1;
  private int pings = 1;

  /// @param out writes bytes to the connection
  SpdyClient(Consumer<Buffer> out, Listener listener) {
    this.out = out;
    this.listener = listener;
  }

  /// Opens a stream of a type.
  int open(String type) {
    int stream = next;
    next += 2;
    var frame = new DefaultSpdySynStreamFrame(stream, 0, PRIORITY);
    frame.headers().add("streamtype", type);
    write(frame);
    return stream;
  }

  void send(int stream, Buffer data) {
    write(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(data.getBytes())));
  }

  /// Says no more on a stream.
  void end(int stream) {
    write(new DefaultSpdyDataFrame(stream).setLast(true));
  }

  /// Shows that this end is there.
  void ping() {
    write(new DefaultSpdyPingFrame(pings));
    pings += 2;
  }

  private void write(SpdyFrame frame) {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      out.accept(taken(bytes));
    }
  }

  private static Buffer taken(ByteBuf bytes) {
    try {
      return Buffer.buffer(ByteBufUtil.getBytes(bytes));
    } finally {
      bytes.release();
    }
  }

  void receive(Buffer bytes) {
    try {
      codec.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes()));
    } catch (Exception _) {
      // What is no SPDY ends it; Netty throws a checked exception that it does not declare.
      listener.gone();
      return;
    }
    for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
      took(frame);
    }
  }

  private void took(Object frame) {
    switch (frame) {
      case SpdyDataFrame data -> {
        boolean last = data.isLast();
        int stream = data.streamId();
        Buffer bytes = taken(data.content());
        if (bytes.length() > 0) {
          listener.data(stream, bytes);
        }
        if (last) {
          listener.ended(stream);
        }
      }
      case SpdyRstStreamFrame reset -> listener.ended(reset.streamId());
      case SpdyPingFrame ping -> {
        // Odd numbers are answers to this end's own.
        if (ping.id() % 2 == 0) {
          write(ping);
        }
      }
      case SpdyGoAwayFrame _ -> listener.gone();
      default -> {}
    }
  }

  @Override
  public void close() {
    codec.finishAndReleaseAll();
  }
}
