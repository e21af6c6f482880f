package io.thyra.ingress;

import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;

/// The opening of a WebSocket, done by hand: the only subprotocol that is offered is echoed whatever it is called, and
/// a client without an Origin is turned away, neither of which the framework's own handshake does.
/// Source: golang.org/x/net/websocket hybi.go and server.go.
sealed interface WebSocketHandshake {
  String BEARER_PREFIX = "base64url.bearer.authorization.k8s.io.";
  Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");

  record Accepted(String accept, String protocol) implements WebSocketHandshake {}

  /// @param body what is told, without a content type
  record Refused(int code, String body, boolean tellVersion) implements WebSocketHandshake {}

  static WebSocketHandshake of(MultiMap headers) {
    String problem = WebSocketHeaders.problem(headers);
    if (!problem.isEmpty()) {
      return new Refused(400, problem, problem.equals(WebSocketHeaders.BAD_VERSION));
    }
    String origin = headers.get("Origin");
    if (origin == null || !isOrigin(origin)) {
      return new Refused(403, "", false);
    }
    List<String> protocols = WebSocketHeaders.protocols(headers);
    protocols.removeIf(protocol -> protocol.startsWith(BEARER_PREFIX));
    if (protocols.size() > 1) {
      return new Refused(400, "", false);
    }
    return new Accepted(WebSocketHeaders.accept(headers), protocols.isEmpty() ? "" : protocols.getFirst());
  }

  /// Whether a text is what upstream takes for an origin: a URI with a scheme, or an absolute path; `null` is neither.
  private static boolean isOrigin(String origin) {
    return origin.startsWith("/") || SCHEME.matcher(origin).lookingAt();
  }
}
