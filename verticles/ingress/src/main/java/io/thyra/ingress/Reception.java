package io.thyra.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The first filter: gives a request its audit id, the client's own if it sent one, and reads its target.
/// Source: apiserver pkg/endpoints/filters/audit_init.go.
final class Reception {
  private static final CharSequence AUDIT_ID = HttpHeaders.createOptimized("audit-id");

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Answers answers;

  /// @param random names requests; no secret depends on it
  Reception(InstantSource clock, RandomGenerator random, Answers answers) {
    this.clock = clock;
    this.random = random;
    this.answers = answers;
  }

  Stages.@Nullable Received receive(HttpServerRequest request, Link link) {
    RequestTarget target = RequestTarget.parse(request.uri());
    String given = request.headers().get(AUDIT_ID);
    String auditId = given == null || given.isEmpty() ? newId() : given;
    var exchange = new Exchange(request, target == null ? new RequestTarget("", "/", "") : target, auditId, clock.instant());
    if (target == null) {
      answers.malformed(exchange, "400 Bad Request");
      return null;
    }
    if (request.version() == HttpVersion.HTTP_1_1 && !request.headers().contains("Host")) {
      answers.malformed(exchange, "400 Bad Request", "400 Bad Request: missing required Host header");
      return null;
    }
    return new Stages.Received(exchange, link);
  }

  private String newId() {
    long high = random.nextLong() & ~0xf000L | 0x4000L;
    long low = random.nextLong() & ~0xc000_0000_0000_0000L | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }
}
