package io.thyra.ingress;

import io.vertx.core.http.HttpHeaders;
import java.util.Locale;

/// Names of the headers that every answer may carry, encoded once: as upstream spells them for HTTP/1, in small letters
/// for HTTP/2.
record HeaderNames(
    CharSequence auditId,
    CharSequence cacheControl,
    CharSequence contentType,
    CharSequence contentLength,
    CharSequence contentEncoding,
    CharSequence date,
    CharSequence vary,
    CharSequence warning,
    CharSequence retryAfter,
    CharSequence noSniff,
    CharSequence flowSchema,
    CharSequence priorityLevel,
    CharSequence hsts) {
  static final HeaderNames HTTP_1 = of(false);
  static final HeaderNames HTTP_2 = of(true);

  private static HeaderNames of(boolean small) {
    return new HeaderNames(
        name("Audit-Id", small),
        name("Cache-Control", small),
        name("Content-Type", small),
        name("Content-Length", small),
        name("Content-Encoding", small),
        name("Date", small),
        name("Vary", small),
        name("Warning", small),
        name("Retry-After", small),
        name("X-Content-Type-Options", small),
        name("X-Kubernetes-Pf-Flowschema-Uid", small),
        name("X-Kubernetes-Pf-Prioritylevel-Uid", small),
        name("Strict-Transport-Security", small));
  }

  private static CharSequence name(String name, boolean small) {
    return HttpHeaders.createOptimized(small ? name.toLowerCase(Locale.ROOT) : name);
  }
}
