package io.thyra.ingress;

import io.thyra.model.ApiException;
import io.thyra.model.Authenticator;
import io.thyra.model.Authorizer;
import io.thyra.model.Credentials;
import io.thyra.model.Failure;
import io.thyra.model.UserInfo;
import io.thyra.wire.WebSocketHeaders;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/// Finds out who asks, and as whom. Touches nothing but its arguments and counters, so it may run on a thread that waits.
final class Authentication {
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final RequestMetrics metrics;

  Authentication(Authenticator authenticator, Authorizer authorizer, ImpersonationMemory memory, RequestMetrics metrics) {
    this.metrics = metrics;
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer, memory);
  }

  /// Whether this request may keep a thread waiting.
  boolean mayBlock(Stages.Identified identified) {
    return authenticator.mayBlock()
        || authorizer.mayBlock() && !identified.exchange().header("Impersonate-User").isEmpty();
  }

  /// @throws ApiException Unauthorized, or what impersonation was refused with
  Stages.Acting authenticate(Stages.Identified identified) {
    Exchange exchange = identified.exchange();
    MultiMap headers = exchange.request.headers();
    boolean webSocket = headers.contains("Upgrade") && WebSocketHeaders.areAsking(headers);
    var credentials =
        new Credentials(
            identified.link().peer().certificates(),
            headers::getAll,
            () -> headers.names().iterator(),
            webSocket ? WebSocketHeaders.protocols(headers) : List.of(),
            List.of());
    UserInfo requestor = authenticate(credentials);
    exchange.requestor = requestor;
    Optional<Impersonation.Acting> acting = impersonation.impersonate(requestor, identified.info(), headers);
    return acting
        .map(a -> new Stages.Acting(identified, requestor, a.user(), a.constraint()))
        .orElseGet(() -> new Stages.Acting(identified, requestor, requestor, ""));
  }

  private UserInfo authenticate(Credentials credentials) {
    long start = System.nanoTime();
    Optional<Authenticator.Authenticated> found;
    try {
      found = authenticator.authenticate(credentials);
    } catch (ApiException refused) {
      metrics.unauthenticated(true, System.nanoTime() - start);
      throw refused;
    }
    if (found.isEmpty()) {
      metrics.unauthenticated(false, System.nanoTime() - start);
      throw Failure.Unauthorized.PLAIN.toException();
    }
    UserInfo user = found.get().user();
    metrics.authenticated(user.name(), System.nanoTime() - start);
    return user;
  }
}
