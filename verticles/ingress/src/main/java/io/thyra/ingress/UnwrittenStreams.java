package io.thyra.ingress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/// Wakes HTTP/2 streams that were opened while the connection could take no more bytes.
///
/// Vert.x asks Netty once, when a stream opens, whether it can be written to, and from then on turns that answer round
/// at each notice. Netty gives notice of a stream only when it remembers another state than it sees. Below TLS the
/// notice that the channel is full comes a task later than the state itself: a stream that opens in between is taken
/// for unwritable by Vert.x, while Netty's connection state never learned that it was full, so that no notice comes when
/// it has room again. Whatever is written to that stream waits for good.
///
/// The cure: whenever the channel has room, have Netty compare each stream's state with what it remembers. Setting the
/// initial window to the value that it has does exactly that and nothing else. See docs/adr/0001-http2-large-answers.md.
final class UnwrittenStreams extends ChannelInboundHandlerAdapter {
  private final Http2RemoteFlowController flowController;

  private UnwrittenStreams(Http2RemoteFlowController flowController) {
    this.flowController = flowController;
  }

  /// Watches over a new connection; does nothing for HTTP/1.
  static void watch(HttpConnection connection) {
    if (connection instanceof ConnectionBase base
        && base.channelHandlerContext().handler() instanceof Http2ConnectionHandler handler) {
      base.channelHandlerContext().pipeline().addLast("unwrittenStreams", new UnwrittenStreams(handler.encoder().flowController()));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
    if (context.channel().isWritable()) {
      flowController.initialWindowSize(flowController.initialWindowSize());
    }
    context.fireChannelWritabilityChanged();
  }
}
