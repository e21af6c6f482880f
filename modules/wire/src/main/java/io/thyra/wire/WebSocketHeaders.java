package io.thyra.wire;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/// What the headers of a request say of a WebSocket, and what is answered. Source: RFC 6455.
public final class WebSocketHeaders {
  /// A problem of which the client is to be told the version that is spoken here.
  public static final String BAD_VERSION = "missing or bad WebSocket Version";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private WebSocketHeaders() {}

  /// Whether a request asks for a WebSocket at all.
  public static boolean areAsking(MultiMap headers) {
    String upgrade = headers.get("Upgrade");
    String connection = headers.get("Connection");
    return upgrade != null
        && connection != null
        && upgrade.equalsIgnoreCase("websocket")
        && connection.toLowerCase(Locale.ROOT).contains("upgrade");
  }

  /// The protocols that a client speaks, the preferred ones first. The caller's own list.
  public static List<String> protocols(MultiMap headers) {
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

  /// Why a handshake is refused, in upstream's words; empty where it is not.
  public static String problem(MultiMap headers) {
    String key = headers.get("Sec-WebSocket-Key");
    if (key == null || key.isEmpty()) {
      return "mismatch challenge/response";
    }
    return "13".equals(headers.get("Sec-WebSocket-Version")) ? "" : BAD_VERSION;
  }

  /// The proof that the key of a request was read, as Sec-WebSocket-Accept.
  public static String accept(MultiMap headers) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest((headers.get("Sec-WebSocket-Key") + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
