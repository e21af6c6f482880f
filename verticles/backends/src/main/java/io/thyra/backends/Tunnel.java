package io.thyra.backends;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.wire.RawConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request to speak another protocol, written to a connection of its own; when the server agrees, bytes go to and
/// fro until one end closes. Owned by the event loop of the request.
///
///     connecting -> waiting for the head -> tunnelling
///                                        -> passing on a refusal
///
/// Source: apimachinery pkg/util/proxy/upgradeaware.go tryUpgrade.
public final class Tunnel {
  private static final int HEAD_BYTES_MAX = 64 << 10;
  private static final int REFUSAL_BYTES_MAX = 1 << 20;
  private static final long REFUSAL_MILLIS = 10_000;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Connections connections;
  private final Address address;
  private final Complaint complaint;
  private final Runnable done;
  private Buffer received = Buffer.buffer();
  private @Nullable NetSocket backend;
  private boolean answered;

  /// @param done called when the tunnel ended
  public Tunnel(
      Vertx vertx, HttpServerRequest request, Connections connections, Address address, Complaint complaint, Runnable done) {
    this.complaint = complaint;
    this.done = done;
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.connections = connections;
    this.address = address;
  }

  public void open(String target, MultiMap headers) {
    response.exceptionHandler(_ -> close());
    connections
        .connect(address)
        .onComplete(
            socket -> begin(socket, target, headers),
            failure -> fail("error dialing backend: " + BackendTrouble.text(failure, address)));
  }

  private void begin(NetSocket socket, String target, MultiMap headers) {
    backend = socket;
    if (response.closed()) {
      close();
      return;
    }
    socket.handler(
        piece -> {
          received.appendBuffer(piece);
          head();
        });
    socket.closeHandler(_ -> fail("unexpected EOF"));
    socket.exceptionHandler(_ -> close());
    socket.write(Buffer.buffer(requestHead(target, headers).getBytes(StandardCharsets.ISO_8859_1)));
  }

  /// As Go writes a request by hand: its own lines first, then the rest by name.
  private String requestHead(String target, MultiMap headers) {
    String agent = headers.contains("User-Agent") ? headers.get("User-Agent") : "Go-http-client/1.1";
    var head = new StringBuilder();
    head.append(request.method().name()).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(headers.contains("Host") ? headers.get("Host") : address.text()).append("\r\n");
    if (!agent.isEmpty()) {
      head.append("User-Agent: ").append(agent).append("\r\n");
    }
    if (List.of("POST", "PUT", "PATCH").contains(request.method().name())) {
      head.append("Content-Length: 0\r\n");
    }
    headers.names().stream()
        .sorted()
        .filter(name -> !List.of("Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer").contains(name))
        .forEach(name -> headers.getAll(name).forEach(value -> head.append(name).append(": ").append(value).append("\r\n")));
    return head.append("\r\n").toString();
  }

  private void head() {
    String text = received.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (received.length() > HEAD_BYTES_MAX) {
        fail("net/http: HTTP/1.x transport connection broken: the head is too large");
      }
      return;
    }
    List<String> lines = List.of(text.substring(0, end).split("\r\n"));
    String[] words = lines.getFirst().split(" ", 3);
    int code = words.length > 1 && words[1].matches("[0-9]{3}") ? Integer.parseInt(words[1]) : 0;
    if (code == 0) {
      fail("malformed HTTP response " + GoText.quote(lines.getFirst()));
      return;
    }
    MultiMap headers = HttpHeaders.headers();
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    Buffer head = received.getBuffer(0, end + 4);
    received = received.getBuffer(end + 4, received.length());
    if (code == 101) {
      switchOver(head);
    } else if (code < 400) {
      fail("invalid upgrade response: status code " + code);
    } else {
      refuse(code, words.length > 2 ? words[2] : "", headers);
    }
  }

  private void switchOver(Buffer head) {
    NetSocket server = backend;
    if (server == null || response.closed()) {
      close();
      return;
    }
    answered = true;
    server.pause();
    response.setStatusCode(101);
    NetSocket client;
    try {
      client = RawConnection.take(request, head);
    } catch (IllegalStateException e) {
      answered = false;
      fail("request connection cannot be hijacked: " + e.getMessage());
      return;
    }
    if (received.length() > 0) {
      client.write(received);
    }
    join(client, server);
    join(server, client);
    client.closeHandler(
        _ -> {
          server.close();
          done.run();
        });
    server.resume();
  }

  private static void join(NetSocket from, NetSocket to) {
    from.handler(
        piece -> {
          to.write(piece);
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(_ -> from.resume());
          }
        });
    from.exceptionHandler(_ -> to.close());
    from.closeHandler(_ -> to.close());
    from.endHandler(_ -> to.end());
  }

  /// The server's own words and nothing else; the connection ends behind them.
  private void refuse(int code, String reason, MultiMap headers) {
    NetSocket server = backend;
    if (server == null) {
      return;
    }
    long timer = vertx.setTimer(REFUSAL_MILLIS, _ -> server.close());
    Runnable deliver =
        () -> {
          if (answered) {
            return;
          }
          answered = true;
          vertx.cancelTimer(timer);
          boolean chunked = headers.contains("Transfer-Encoding");
          Buffer body = chunked ? unchunked(received) : received;
          response.headers().clear();
          for (Map.Entry<String, String> each : ForwardedHeaders.ofServer(headers)) {
            response.headers().add(each.getKey(), each.getValue());
          }
          response.setStatusCode(code).setStatusMessage(reason);
          response.putHeader("Content-Length", Integer.toString(body.length()));
          request.resume();
          response.end(body).onComplete(_ -> request.connection().close());
          server.close();
        };
    String length = headers.get("Content-Length");
    int wanted = length != null && length.matches("[0-9]{1,7}") ? Integer.parseInt(length) : REFUSAL_BYTES_MAX;
    server.handler(
        piece -> {
          received.appendBuffer(piece);
          if (isComplete(headers, wanted)) {
            deliver.run();
          }
        });
    server.closeHandler(_ -> deliver.run());
    if (isComplete(headers, wanted)) {
      deliver.run();
    }
  }

  private boolean isComplete(MultiMap headers, int wanted) {
    return received.length() >= wanted
        || headers.contains("Transfer-Encoding") && received.toString(StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n");
  }

  private static Buffer unchunked(Buffer chunks) {
    Buffer body = Buffer.buffer();
    String text = chunks.toString(StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf("\r\n", at);
      if (end < 0) {
        break;
      }
      String size = text.substring(at, end).split(";")[0].strip();
      int bytes = size.matches("[0-9a-fA-F]{1,6}") ? Integer.parseInt(size, 16) : 0;
      if (bytes == 0 || end + 2 + bytes > text.length()) {
        break;
      }
      body.appendBuffer(chunks, end + 2, bytes);
      at = end + 2 + bytes + 2;
    }
    return body;
  }

  private void fail(String text) {
    if (!answered) {
      answered = true;
      complaint.tell(new Failure.Unclassified(500, text));
    }
    close();
  }

  private void close() {
    NetSocket server = backend;
    if (server != null) {
      server.close();
    }
  }
}
