package io.thyra.ingress;

import io.thyra.model.ApiException;
import io.thyra.model.Authenticator;
import io.thyra.model.Authorizer;
import io.thyra.model.Credentials;
import io.thyra.model.Failure;
import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Optional;

/// Finds out who asks, and as whom. Touches nothing but its arguments, so it may run on a thread that waits.
final class Authentication {
  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Impersonation impersonation;

  Authentication(Authenticator authenticator, Authorizer authorizer, ImpersonationMemory memory) {
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
    boolean webSocket = headers.contains("Upgrade") && WebSocketHandshake.isAskedFor(headers);
    var credentials =
        new Credentials(
            identified.link().peer().certificates(),
            headers::getAll,
            () -> headers.names().iterator(),
            webSocket ? WebSocketHandshake.protocols(headers) : List.of(),
            List.of());
    UserInfo requestor =
        authenticator.authenticate(credentials).orElseThrow(Failure.Unauthorized.PLAIN::toException).user();
    exchange.requestor = requestor;
    Optional<Impersonation.Acting> acting = impersonation.impersonate(requestor, identified.info(), headers);
    return acting
        .map(a -> new Stages.Acting(identified, requestor, a.user(), a.constraint()))
        .orElseGet(() -> new Stages.Acting(identified, requestor, requestor, ""));
  }
}
