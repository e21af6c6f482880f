package io.thyra.ingress;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.regex.Pattern;

/// Answers for pages of other origins, where `--cors-allowed-origins` lets them.
/// Source: apiserver pkg/server/filters/cors.go.
final class Cors {
  private Cors() {}

  static boolean allows(List<Pattern> origins, String origin) {
    if (origin.isEmpty()) {
      return false;
    }
    for (Pattern pattern : origins) {
      if (pattern.matcher(origin).find()) {
        return true;
      }
    }
    return false;
  }

  static void allow(MultiMap headers, String origin) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH");
    headers.set(
        "Access-Control-Allow-Headers",
        "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With, If-Modified-Since");
    headers.set("Access-Control-Expose-Headers", "Date");
    headers.set("Access-Control-Allow-Credentials", "true");
  }
}
