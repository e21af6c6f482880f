package io.thyra.nodes;

import io.thyra.backends.BackendTrouble;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.Status;
import io.thyra.wire.RawConnection;
import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A log on its way from a kubelet to a client, at the pace of the client. Owned by the event loop of the request.
/// Source: apiserver pkg/registry/generic/rest/streamer.go and response_checker.go.
final class LogPassage {
  private static final int TOLD_BYTES_MAX = 50_000;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
  private static final String BASE64 = "base64.binary.k8s.io";
  private static final List<String> PROTOCOLS = List.of("binary.k8s.io", BASE64);
  private static final GroupResource LOGS = new GroupResource("", "pods/log");

  private final Asked asked;
  private final HttpServerResponse response;
  private final PeerConnections connections;
  private final Address address;
  private final String target;
  private @Nullable HttpClientRequest running;
  private boolean over;

  LogPassage(Asked asked, PeerConnections connections, Address address, String target) {
    this.asked = asked;
    this.response = asked.request().response();
    this.connections = connections;
    this.address = address;
    this.target = target;
  }

  void go() {
    asked.request().resume();
    response.exceptionHandler(_ -> abandon());
    MultiMap headers = HttpHeaders.headers().add("User-Agent", "Go-http-client/1.1").add("Accept-Encoding", "gzip");
    connections.request(address, HttpMethod.GET, target, headers).onComplete(this::send, this::lost);
  }

  private void send(HttpClientRequest request) {
    if (over) {
      request.reset();
      return;
    }
    running = request;
    request.exceptionHandler(this::lost);
    request.send().onComplete(this::answered, this::lost);
  }

  private void lost(Throwable failure) {
    fail(new Failure.Unclassified(500, "Get " + GoText.quote("https://" + address.text() + target) + ": " + BackendTrouble.text(failure, address)));
  }

  private void fail(Failure failure) {
    if (!over) {
      abandon();
      asked.outcome().fail(failure);
    }
  }

  private void abandon() {
    over = true;
    HttpClientRequest request = running;
    if (request != null) {
      request.reset();
    }
  }

  private void answered(HttpClientResponse answer) {
    if (over) {
      return;
    }
    // An answer that is given up says so, too; nobody has to hear it.
    answer.exceptionHandler(_ -> {});
    int code = answer.statusCode();
    if (REDIRECTS.contains(code)) {
      String location = answer.getHeader("Location");
      String where = location == null ? "https://" + address.text() + target : location;
      String why = location == null ? code + " response missing Location header" : "redirects forbidden";
      fail(new Failure.Unclassified(500, "Get " + GoText.quote(where) + ": " + why));
    } else if (code < 200 || code > 206) {
      refused(answer);
    } else {
      stream(answer);
    }
  }

  private void refused(HttpClientResponse answer) {
    Buffer told = Buffer.buffer();
    answer.exceptionHandler(this::lost);
    answer.handler(
        piece -> {
          told.appendBuffer(piece);
          if (told.length() >= TOLD_BYTES_MAX) {
            fail(refusal(answer.statusCode(), told.getString(0, TOLD_BYTES_MAX), asked.info().name()));
          }
        });
    answer.endHandler(_ -> fail(refusal(answer.statusCode(), told.toString(StandardCharsets.UTF_8), asked.info().name())));
  }

  /// Source: apimachinery pkg/api/errors/errors.go NewGenericServerResponse.
  static Failure refusal(int code, String text, String pod) {
    return switch (code) {
      case 400 -> new Failure.BadRequest(text);
      case 500 -> new Failure.Internal(text);
      case 401 -> told(code, "Unauthorized", "the server has asked for the client to provide credentials", pod);
      case 403 -> told(code, "Forbidden", text, pod);
      case 404 -> told(code, "NotFound", "the server could not find the requested resource", pod);
      case 405 -> told(code, "MethodNotAllowed", "the server does not allow this method on the requested resource", pod);
      case 406 -> {
        boolean says = !text.isEmpty() && !text.equals("unknown");
        yield told(code, "NotAcceptable", says ? text : "the server was unable to respond with a content type that the client supports", pod);
      }
      case 409 -> told(code, "Conflict", "the server reported a conflict", pod);
      case 415 -> told(code, "UnsupportedMediaType", text, pod);
      case 422 -> told(code, "Invalid", "the server rejected our request due to an error in our request", pod);
      case 429 -> told(code, "TooManyRequests", "the server has received too many requests and has asked us to try again later", pod);
      case 503 -> told(code, "ServiceUnavailable", "the server is currently unable to handle the request", pod);
      case 504 ->
          told(
              code,
              "Timeout",
              "the server was unable to return a response in the time allotted, but may still be processing the request",
              pod);
      default ->
          code >= 500
              ? told(code, "InternalError", "an error on the server (" + GoText.quote(text) + ") has prevented the request from succeeding", pod)
              : told(code, "", "the server responded with the status code " + code + " but did not return more information", pod);
    };
  }

  private static Failure told(int code, String reason, String message, String pod) {
    return new Failure.Told(Status.failure(code, reason, message + " ( " + LOGS.resource() + " " + pod + ")", Status.Details.of(LOGS, pod)));
  }

  private void stream(HttpClientResponse answer) {
    if (WebSocketHeaders.areAsking(asked.headers())) {
      streamOverWebSocket(answer);
      return;
    }
    response.setStatusCode(200).putHeader("Content-Type", "text/plain");
    if (asked.request().version() == HttpVersion.HTTP_1_1) {
      response.setChunked(true);
    }
    // Whoever follows is to know at once that it is open.
    response.writeHead();
    answer.handler(
        piece -> {
          response.write(piece);
          if (response.writeQueueFull()) {
            answer.pause();
            response.drainHandler(_ -> answer.resume());
          }
        });
    answer.exceptionHandler(_ -> end());
    answer.endHandler(_ -> end());
  }

  /// Source: streaming pkg/httpstream/wsstream/stream.go.
  private void streamOverWebSocket(HttpClientResponse answer) {
    String problem = WebSocketHeaders.problem(asked.headers());
    if (!problem.isEmpty()) {
      fail(new Failure.BadRequest(problem));
      return;
    }
    List<String> offered = WebSocketHeaders.protocols(asked.headers());
    Optional<String> chosen = offered.isEmpty() ? Optional.of("") : offered.stream().filter(PROTOCOLS::contains).findFirst();
    if (chosen.isEmpty()) {
      fail(new Failure.Unclassified(403, "requested protocol(s) are not supported: " + offered));
      return;
    }
    NetSocket socket;
    try {
      socket = RawConnection.take(asked.request(), WebSocket.head(asked.headers(), chosen.get()));
    } catch (IllegalStateException e) {
      fail(new Failure.Unclassified(500, "request connection cannot be hijacked: " + e.getMessage()));
      return;
    }
    var client = new WebSocket(socket, _ -> {});
    client.start();
    socket.exceptionHandler(_ -> socket.close());
    socket.closeHandler(
        _ -> {
          abandon();
          asked.outcome().done();
        });
    boolean encoded = chosen.get().equals(BASE64);
    // The first message says that the log is open.
    sendPiece(client, Buffer.buffer(), encoded);
    answer.handler(
        piece -> {
          sendPiece(client, piece, encoded);
          if (socket.writeQueueFull()) {
            answer.pause();
            socket.drainHandler(_ -> answer.resume());
          }
        });
    answer.exceptionHandler(_ -> client.close(WebSocket.NORMAL));
    answer.endHandler(_ -> client.close(WebSocket.NORMAL));
  }

  private static void sendPiece(WebSocket client, Buffer piece, boolean encoded) {
    if (encoded) {
      client.send(Base64.getEncoder().encodeToString(piece.getBytes()));
    } else {
      client.send(piece);
    }
  }

  private void end() {
    if (!over) {
      over = true;
      response.end();
    }
  }
}
