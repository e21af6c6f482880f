package io.thyra.nodes;

import io.thyra.backends.AnswerHead;
import io.thyra.backends.Tunnel;
import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;

/// SPDY inside of a WebSocket, as clients forward ports, and bare SPDY to the kubelet.
/// Source: apiserver pkg/util/proxy/streamtunnel.go.
///
/// @param headers of the client's request
record SpdyTunnel(MultiMap headers) implements Tunnel.Switching {
  static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";
  private static final String PREFIX = "SPDY/3.1+";
  private static final String SUFFIX = "k8s.io";

  /// What the kubelet is sent in the place of a handshake.
  static MultiMap spdyHeaders(MultiMap headers) {
    List<String> protocols =
        WebSocketHeaders.protocols(headers).stream()
            .filter(protocol -> protocol.startsWith(PREFIX) && protocol.endsWith(SUFFIX))
            .map(protocol -> protocol.substring(PREFIX.length()))
            .toList();
    List.of("Sec-WebSocket-Protocol", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "X-Stream-Protocol-Version").forEach(headers::remove);
    headers.set("Upgrade", "SPDY/3.1");
    protocols.forEach(protocol -> headers.add("X-Stream-Protocol-Version", protocol));
    return headers;
  }

  @Override
  public Buffer head(Buffer sent, AnswerHead answer) {
    String chosen = answer.headers().get("X-Stream-Protocol-Version");
    return WebSocket.head(headers, chosen == null ? PROTOCOL : PREFIX + chosen);
  }

  @Override
  public void join(NetSocket client, NetSocket server, Buffer early) {
    var socket =
        new WebSocket(
            client,
            message -> {
              server.write(message);
              if (server.writeQueueFull()) {
                client.pause();
                server.drainHandler(_ -> client.resume());
              }
            });
    if (early.length() > 0) {
      socket.send(early);
    }
    server.handler(
        piece -> {
          socket.send(piece);
          if (client.writeQueueFull()) {
            server.pause();
            client.drainHandler(_ -> server.resume());
          }
        });
    server.closeHandler(_ -> socket.close(WebSocket.NORMAL));
    server.exceptionHandler(_ -> socket.close(WebSocket.NORMAL));
    socket.start();
  }
}
