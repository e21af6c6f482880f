package io.thyra.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.NetSocketImpl;
import io.vertx.core.net.impl.VertxHandler;
import java.util.List;

/// The connection of an HTTP/1.1 request, taken away from HTTP. Vert.x gives it away for GET alone, while Kubernetes switches
/// protocols with POST, too, and wants the head of the answer written as it came.
public final class RawConnection {
  // Names that Vert.x gives its handlers.
  private static final List<String> HTTP_HANDLERS = List.of("httpDecoder", "chunkedWriter");
  private static final String HANDLER = "handler";
  private static final String ENCODER = "httpEncoder";

  private RawConnection() {}

  /// Writes a head and makes the rest of the connection a stream of bytes. To be called on the event loop of the request,
  /// once it has no body to come; its answer must not be used after that, and whoever counts open requests is to be told
  /// when the socket closes.
  ///
  /// @param head status line and headers, the empty line included
  /// @throws IllegalStateException for a request of HTTP/2
  public static NetSocket take(HttpServerRequest request, Buffer head) {
    request.resume();
    if (!(request.connection() instanceof ConnectionBase connection)) {
      throw new IllegalStateException("not a connection of its own");
    }
    ChannelPipeline pipeline = connection.channelHandlerContext().pipeline();
    ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
    if (encoder == null) {
      throw new IllegalStateException("HTTP/2 has no connection to take");
    }
    encoder.writeAndFlush(Unpooled.wrappedBuffer(head.getBytes()));
    for (String name : HTTP_HANDLERS) {
      ChannelHandler found = pipeline.get(name);
      if (found != null) {
        pipeline.remove(found);
      }
    }
    ContextInternal context = connection.context();
    pipeline.replace(HANDLER, HANDLER, VertxHandler.create(channel -> new NetSocketImpl(context, channel, null, null, null, false)));
    pipeline.remove(ENCODER);
    return (NetSocket) ((VertxHandler<?>) pipeline.get(HANDLER)).getConnection();
  }
}
