package io.thyra.ingress;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
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

  /// Whether a request asks for a WebSocket at all.
  static boolean isAskedFor(MultiMap headers) {
    String upgrade = headers.get("Upgrade");
    String connection = headers.get("Connection");
    return upgrade != null
        && connection != null
        && upgrade.equalsIgnoreCase("websocket")
        && connection.toLowerCase(Locale.ROOT).contains("upgrade");
  }

  static WebSocketHandshake of(MultiMap headers) {
    String key = headers.get("Sec-WebSocket-Key");
    if (key == null || key.isEmpty()) {
      return new Refused(400, "mismatch challenge/response", false);
    }
    if (!"13".equals(headers.get("Sec-WebSocket-Version"))) {
      return new Refused(400, "missing or bad WebSocket Version", true);
    }
    String origin = headers.get("Origin");
    if (origin == null || !isOrigin(origin)) {
      return new Refused(403, "", false);
    }
    List<String> protocols = protocols(headers);
    protocols.removeIf(protocol -> protocol.startsWith(BEARER_PREFIX));
    if (protocols.size() > 1) {
      return new Refused(400, "", false);
    }
    return new Accepted(accept(key), protocols.isEmpty() ? "" : protocols.getFirst());
  }

  /// Whether a text is what upstream takes for an origin: a URI with a scheme, or an absolute path; `null` is neither.
  private static boolean isOrigin(String origin) {
    return origin.startsWith("/") || SCHEME.matcher(origin).lookingAt();
  }

  static List<String> protocols(MultiMap headers) {
    List<String> protocols = new ArrayList<>(2);
    for (String header : headers.getAll("Sec-WebSocket-Protocol")) {
      for (String protocol : header.split(",")) {
        if (!protocol.isBlank()) {
          protocols.add(protocol.strip());
        }
      }
    }
    return protocols;
  }

  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
