package io.thyra.backends;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.wire.RawConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request to speak another protocol, written to a connection of its own; when the server agrees, bytes go to and
/// fro until one end closes. Owned by the event loop of the request.
///
///     connecting -> waiting for the head -> tunnelling
///                                        -> passing on a refusal
///
/// Source: apimachinery pkg/util/proxy/upgradeaware.go tryUpgrade.
public final class Tunnel {
  /// What becomes of the client's connection when the server agreed.
  public interface Switching {
    /// The server's words, and its bytes as they are.
    Switching AS_IT_IS =
        new Switching() {
          @Override
          public Buffer head(Buffer sent, AnswerHead answer) {
            return sent;
          }

          @Override
          public void join(NetSocket client, NetSocket server, Buffer early) {
            if (early.length() > 0) {
              client.write(early);
            }
            Tunnel.join(client, server);
            Tunnel.join(server, client);
          }
        };

    /// What the client is told.
    ///
    /// @param sent what the server said
    Buffer head(Buffer sent, AnswerHead answer);

    /// Makes each end hear the other. The tunnel itself closes the server when the client goes.
    ///
    /// @param early what the server sent already
    void join(NetSocket client, NetSocket server, Buffer early);
  }

  private static final long REFUSAL_MILLIS = 10_000;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Connections connections;
  private final Address address;
  private final Complaint complaint;
  private final Runnable done;
  private Switching switching = Switching.AS_IT_IS;
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
    open(request.method().name(), target, headers, Switching.AS_IT_IS);
  }

  /// Opens it with a method other than the client's, for a client that speaks something else than the server.
  public void open(String method, String target, MultiMap headers, Switching how) {
    switching = how;
    response.exceptionHandler(_ -> close());
    connections
        .connect(address)
        .onComplete(
            socket -> begin(socket, requestHead(method, target, headers, address)),
            failure -> fail("error dialing backend: " + BackendTrouble.text(failure, address)));
  }

  private void begin(NetSocket socket, String head) {
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
    socket.write(Buffer.buffer(head.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /// As Go writes a request by hand: its own lines first, then the rest by name.
  public static String requestHead(String method, String target, MultiMap headers, Address address) {
    String agent = headers.contains("User-Agent") ? headers.get("User-Agent") : "Go-http-client/1.1";
    var head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(headers.contains("Host") ? headers.get("Host") : address.text()).append("\r\n");
    if (!agent.isEmpty()) {
      head.append("User-Agent: ").append(agent).append("\r\n");
    }
    if (List.of("POST", "PUT", "PATCH").contains(method)) {
      head.append("Content-Length: 0\r\n");
    }
    headers.names().stream()
        .sorted()
        .filter(name -> !List.of("Host", "User-Agent", "Content-Length", "Transfer-Encoding", "Trailer").contains(name))
        .forEach(name -> headers.getAll(name).forEach(value -> head.append(name).append(": ").append(value).append("\r\n")));
    return head.append("\r\n").toString();
  }

  private void head() {
    Optional<AnswerHead> found = AnswerHead.of(received);
    if (found.isEmpty()) {
      if (received.length() > AnswerHead.BYTES_MAX) {
        fail("net/http: HTTP/1.x transport connection broken: the head is too large");
      }
      return;
    }
    AnswerHead answer = found.get();
    if (answer.code() == 0) {
      fail("malformed HTTP response " + GoText.quote(answer.line()));
      return;
    }
    Buffer head = received.getBuffer(0, answer.length());
    received = received.getBuffer(answer.length(), received.length());
    if (answer.code() == 101) {
      switchOver(head, answer);
    } else if (answer.code() < 400) {
      fail("invalid upgrade response: status code " + answer.code());
    } else {
      refuse(answer);
    }
  }

  private void switchOver(Buffer head, AnswerHead answer) {
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
      client = RawConnection.take(request, switching.head(head, answer));
    } catch (IllegalStateException e) {
      answered = false;
      fail("request connection cannot be hijacked: " + e.getMessage());
      return;
    }
    switching.join(client, server, received);
    client.closeHandler(
        _ -> {
          server.close();
          done.run();
        });
    server.resume();
  }

  /// Makes one end hear the other, at its pace.
  static void join(NetSocket from, NetSocket to) {
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
  private void refuse(AnswerHead answer) {
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
          Buffer body = answer.body(received);
          response.headers().clear();
          for (Map.Entry<String, String> each : ForwardedHeaders.ofServer(answer.headers())) {
            response.headers().add(each.getKey(), each.getValue());
          }
          response.setStatusCode(answer.code()).setStatusMessage(answer.reason());
          response.putHeader("Content-Length", Integer.toString(body.length()));
          request.resume();
          response.end(body).onComplete(_ -> request.connection().close());
          server.close();
        };
    server.handler(
        piece -> {
          received.appendBuffer(piece);
          if (answer.isWhole(received)) {
            deliver.run();
          }
        });
    server.closeHandler(_ -> deliver.run());
    if (answer.isWhole(received)) {
      deliver.run();
    }
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
