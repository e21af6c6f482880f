package io.thyra.ingress;

import io.thyra.model.ApiException;
import io.thyra.model.GoText;
import io.thyra.model.RequestInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds out what a request asks for and how long it may take, turns it away while the server drains, and answers the
/// questions of browsers before anybody has to say who they are.
final class Identification {
  private static final List<String> EXEMPT_WHILE_DRAINING = List.of("/readyz", "/livez", "/healthz", "/metrics");

  private final Duration requestTimeout;
  private final Serving serving;
  private final RandomGenerator random;
  private final Answers answers;
  private final List<Pattern> corsOrigins;
  private boolean draining;

  Identification(Duration requestTimeout, Serving serving, RandomGenerator random, Answers answers) {
    this.requestTimeout = requestTimeout;
    this.serving = serving;
    this.random = random;
    this.answers = answers;
    this.corsOrigins = serving.corsOrigins();
  }

  /// From now on new requests are sent elsewhere.
  void drain() {
    draining = true;
  }

  Stages.@Nullable Identified identify(Stages.Received received) {
    Exchange exchange = received.exchange();
    RequestInfoResolver.Resolved resolved = RequestInfoResolver.resolve(exchange.method, exchange.target);
    if (resolved == null) {
      String uri = exchange.target.uri();
      String why = "failed to create RequestInfo: unable to determine kind and namespace from url, " + uri;
      answers.text(exchange, 500, Refusal.escape("Internal Server Error: " + GoText.quote(uri) + ": " + why));
      return null;
    }
    RequestInfo info = resolved.info();
    exchange.info = info;
    exchange.longRunning = isLongRunning(info);
    if (draining && !isExempt(exchange)) {
      answers.shuttingDown(exchange, serving.sendRetryAfter());
      return null;
    }
    if (exchange.http2 && serving.goawayChance() > 0 && random.nextDouble() < serving.goawayChance()) {
      exchange.closing = true;
    }
    if (!corsOrigins.isEmpty()) {
      String origin = exchange.header("Origin");
      if (Cors.allows(corsOrigins, origin)) {
        exchange.corsOrigin = origin;
      }
    }
    if (exchange.longRunning) {
      exchange.deadline = Instant.MAX;
    } else {
      try {
        exchange.deadline = exchange.received.plus(RequestDeadline.timeout(exchange.target, requestTimeout));
      } catch (ApiException refused) {
        answers.fail(exchange, refused.failure());
        return null;
      }
    }
    if (exchange.corsOrigin != null && exchange.method.equals("OPTIONS")) {
      answers.empty(exchange, 204);
      return null;
    }
    return new Stages.Identified(exchange, received.link(), resolved);
  }

  private static boolean isExempt(Exchange exchange) {
    if (exchange.header("User-Agent").startsWith("kube-apiserver/")) {
      return true;
    }
    for (String prefix : EXEMPT_WHILE_DRAINING) {
      if (exchange.target.path().startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /// Source: kubernetes pkg/controlplane/apiserver/config.go.
  static boolean isLongRunning(RequestInfo info) {
    if (info.verb().equals("watch") || info.verb().equals("proxy")) {
      return true;
    }
    if (!info.resourceRequest()) {
      return info.path().startsWith("/debug/pprof/");
    }
    return switch (info.subresource()) {
      case "attach", "exec", "proxy", "log", "portforward" -> true;
      default -> false;
    };
  }
}
