package io.thyra.nodes;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/// Frames of WebSocket clients: the first byte says in how large pieces they come.
public final class WebSocketFuzz {
  private WebSocketFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    var told = new int[1];
    var socket = new Wire();
    var frames = new WebSocket(socket.proxy(), message -> told[0] += message.length());
    frames.start();
    int piece = Math.max(1, data[0] & 0xff);
    for (int at = 1; at < data.length; at += piece) {
      socket.say(Buffer.buffer(Arrays.copyOfRange(data, at, Math.min(data.length, at + piece))));
    }
    if (told[0] > data.length) {
      throw new AssertionError("more was told than was sent");
    }
    frames.send("after");
  }

  /// A connection of which only one end is there.
  private static final class Wire implements InvocationHandler {
    private Handler<Buffer> handler = _ -> {};

    NetSocket proxy() {
      return (NetSocket) Proxy.newProxyInstance(NetSocket.class.getClassLoader(), new Class<?>[] {NetSocket.class}, this);
    }

    void say(Buffer piece) {
      handler.handle(piece);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "handler" -> {
          handler = (Handler<Buffer>) arguments[0];
          yield proxy;
        }
        case "write", "end" -> Future.succeededFuture();
        default -> throw new UnsupportedOperationException(method.getName());
      };
    }
  }
}
