package io.thyra.ingress;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The addresses that a request came through, the client's first, as far as proxies told it.
/// Source: apimachinery pkg/util/net/http.go, SourceIPs.
final class SourceAddresses {
  private SourceAddresses() {}

  static List<String> of(HttpServerRequest request) {
    var addresses = new ArrayList<String>(2);
    String forwarded = request.headers().get("X-Forwarded-For");
    if (forwarded != null) {
      for (String each : forwarded.split(",", -1)) {
        String address = canonical(each.strip());
        if (address != null) {
          addresses.add(address);
        }
      }
    }
    String real = request.headers().get("X-Real-Ip");
    String address = real == null ? null : canonical(real.strip());
    // A proxy that sets both tells the same twice.
    if (address != null && !addresses.contains(address)) {
      addresses.add(address);
    }
    SocketAddress remote = request.remoteAddress();
    String last = remote == null ? null : remote.hostAddress();
    if (last != null && (addresses.isEmpty() || !addresses.getLast().equals(last))) {
      addresses.add(last);
    }
    return addresses;
  }

  private static @Nullable String canonical(String text) {
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
