package io.thyra.backends;

import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Which headers a server behind this one gets to see, and which of its own the client does.
/// Source: client-go transport/round_trippers.go; apimachinery pkg/util/proxy; Go net/http/httputil reverseproxy.go.
public final class ForwardedHeaders {
  private static final List<String> HOP_BY_HOP =
      List.of(
          "Connection",
          "Proxy-Connection",
          "Keep-Alive",
          "Proxy-Authenticate",
          "Proxy-Authorization",
          "Te",
          "Trailer",
          "Transfer-Encoding",
          "Upgrade");
  private static final List<String> CORS =
      List.of("Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Origin");
  private static final String TOKEN_MARKS = "!#$&'*+-.^_`|~";
  private static final String BEARER_PROTOCOL = "base64url.bearer.authorization.k8s.io.";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private ForwardedHeaders() {}

  /// What a client sent, without its credentials, with the names spelled as Go spells them.
  ///
  /// @param auditId empty for none of this server's
  public static MultiMap ofClient(MultiMap sent, String auditId, String clientAddress) {
    MultiMap headers = HttpHeaders.headers();
    for (Map.Entry<String, String> each : sent) {
      String name = canonical(each.getKey());
      if (!isCredential(name) && !name.startsWith(":")) {
        headers.add(name, each.getValue());
      }
    }
    stripBearerProtocol(headers);
    if (!auditId.isEmpty()) {
      headers.set("Audit-Id", auditId);
    }
    List<String> before = headers.getAll("X-Forwarded-For");
    headers.set("X-Forwarded-For", before.isEmpty() ? clientAddress : String.join(", ", before) + ", " + clientAddress);
    return headers;
  }

  private static boolean isCredential(String name) {
    return name.equals("Authorization")
        || name.equals("Host")
        || name.equals("Expect")
        || name.startsWith("Impersonate-")
        || name.equals("X-Remote-User")
        || name.equals("X-Remote-Uid")
        || name.equals("X-Remote-Group")
        || name.startsWith("X-Remote-Extra-");
  }

  /// Browsers send their token among the protocols of a WebSocket.
  private static void stripBearerProtocol(MultiMap headers) {
    List<String> offered = headers.getAll("Sec-Websocket-Protocol");
    if (offered.stream().noneMatch(line -> line.contains(BEARER_PROTOCOL))) {
      return;
    }
    headers.remove("Sec-Websocket-Protocol");
    var kept =
        offered.stream()
            .flatMap(line -> List.of(line.split(",")).stream())
            .map(String::strip)
            .filter(protocol -> !protocol.startsWith(BEARER_PROTOCOL))
            .toList();
    if (!kept.isEmpty()) {
      headers.set("Sec-Websocket-Protocol", String.join(",", kept));
    }
  }

  public static void addUser(MultiMap headers, UserInfo user) {
    headers.set("X-Remote-User", user.name());
    if (!user.uid().isEmpty()) {
      headers.set("X-Remote-Uid", user.uid());
    }
    user.groups().forEach(group -> headers.add("X-Remote-Group", group));
    user.extra().forEach((key, values) -> values.forEach(value -> headers.add(canonical("X-Remote-Extra-" + escape(key)), value)));
  }

  /// @param host the server's, `host:port`
  /// @param path still escaped
  public static void addForwarded(MultiMap headers, String host, String path) {
    headers.set("X-Forwarded-Uri", GoUrl.clean(path));
    headers.set("X-Forwarded-Host", host);
    headers.set("X-Forwarded-Proto", "https");
  }

  /// Takes out what only the two ends of one connection have to tell each other.
  public static void dropHopByHop(MultiMap headers) {
    Set<String> named = new HashSet<>();
    for (String line : headers.getAll("Connection")) {
      for (String name : line.split(",")) {
        named.add(name.strip());
      }
    }
    boolean trailers = headers.getAll("Te").stream().anyMatch(te -> te.toLowerCase(Locale.ROOT).contains("trailers"));
    named.stream().filter(name -> !name.isEmpty()).forEach(headers::remove);
    HOP_BY_HOP.forEach(headers::remove);
    if (trailers) {
      headers.set("Te", "trailers");
    }
  }

  /// What a server answered, as far as the client is shown it.
  public static MultiMap ofServer(MultiMap answered) {
    MultiMap headers = HttpHeaders.headers().addAll(answered);
    dropHopByHop(headers);
    headers.remove("Te");
    CORS.forEach(headers::remove);
    return headers;
  }

  /// Whether a request asks for another protocol.
  public static boolean isUpgrade(MultiMap headers) {
    return headers.getAll("Connection").stream().anyMatch(line -> line.toLowerCase(Locale.ROOT).contains("upgrade"));
  }

  private static String escape(String key) {
    var out = new StringBuilder();
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return out.toString();
  }

  /// Capitals at the start of each word, small letters elsewhere.
  public static String canonical(String name) {
    var out = new StringBuilder(name.length());
    boolean start = true;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      out.append(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
      start = c == '-';
    }
    return out.toString();
  }
}
