package io.thyra.ingress;

import io.thyra.audit.AuditEvent;
import io.thyra.audit.AuditLevel;
import io.thyra.audit.AuditSink;
import io.thyra.audit.AuditVerdict;
import io.thyra.model.GoText;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the audit sink of each stage of a request. Owned by one event loop.
/// Source: apiserver pkg/endpoints/filters/audit.go, authn_audit.go.
final class Audits {
  private static final Status CLOSED_EARLY = new Status(Status.SUCCESS, "Connection closed early", "", null, 200);

  private final AuditSink sink;
  private final InstantSource clock;
  private final Answers answers;
  private final Context context;

  Audits(AuditSink sink, InstantSource clock, Answers answers, Context context) {
    this.sink = sink;
    this.clock = clock;
    this.answers = answers;
    this.context = context;
  }

  /// It is known who asks; goes on when the event is as safe as the mode wants it.
  <T> void received(Exchange exchange, @Nullable UserInfo requestor, T stage, Consumer<T> next) {
    if (!sink.enabled() || exchange.done || exchange.info == null) {
      next.accept(stage);
      return;
    }
    AuditTrail trail = open(exchange, requestor, exchange.info);
    if (trail == null) {
      next.accept(stage);
      return;
    }
    exchange.requestor = requestor;
    exchange.trail = trail;
    if (exchange.longRunning) {
      exchange.response.headersEndHandler(_ -> started(exchange));
    }
    Future<Boolean> kept = sink.accept(event(exchange, trail, AuditEvent.Stage.REQUEST_RECEIVED, exchange.received));
    if (kept.succeeded() && kept.result()) {
      next.accept(stage);
      return;
    }
    exchange.request.pause();
    kept.onComplete(
        told ->
            context.runOnContext(
                _ -> {
                  exchange.request.resume();
                  if (told.succeeded() && told.result()) {
                    next.accept(stage);
                  } else {
                    String uri = exchange.target.uri();
                    answers.text(exchange, 500, Refusal.escape("Internal Server Error: " + GoText.quote(uri) + ": failed to store audit event"));
                  }
                }));
  }

  /// Nobody could be authenticated, which is told once, with the answer.
  void unauthenticated(Exchange exchange) {
    if (sink.enabled() && exchange.info != null) {
      AuditTrail trail = open(exchange, null, exchange.info);
      if (trail != null) {
        emit(exchange, trail, AuditEvent.Stage.RESPONSE_STARTED);
      }
    }
  }

  private @Nullable AuditTrail open(Exchange exchange, @Nullable UserInfo requestor, RequestInfo info) {
    AuditVerdict verdict = sink.decide(requestor, info);
    return verdict.level() == AuditLevel.NONE ? null : new AuditTrail(verdict, SourceAddresses.of(exchange.request));
  }

  private void started(Exchange exchange) {
    AuditTrail trail = exchange.trail;
    if (trail != null && !trail.started) {
      trail.started = true;
      emit(exchange, trail, AuditEvent.Stage.RESPONSE_STARTED);
    }
  }

  void completed(Exchange exchange) {
    AuditTrail trail = exchange.trail;
    if (trail == null) {
      return;
    }
    if (!exchange.answered) {
      exchange.status = CLOSED_EARLY;
    }
    if (exchange.longRunning) {
      started(exchange);
    }
    emit(exchange, trail, AuditEvent.Stage.RESPONSE_COMPLETE);
    exchange.trail = null;
  }

  void panicked(Exchange exchange) {
    AuditTrail trail = exchange.trail;
    if (trail != null) {
      exchange.status = Status.failure(500, "InternalError", "APIServer panic'd", null);
      emit(exchange, trail, AuditEvent.Stage.PANIC);
      exchange.trail = null;
    }
  }

  private void emit(Exchange exchange, AuditTrail trail, AuditEvent.Stage stage) {
    sink.accept(event(exchange, trail, stage, clock.instant()));
  }

  private static AuditEvent event(Exchange exchange, AuditTrail trail, AuditEvent.Stage stage, Instant time) {
    boolean early = stage == AuditEvent.Stage.REQUEST_RECEIVED;
    boolean impersonates = exchange.user != null && exchange.user != exchange.requestor;
    Status status = exchange.status;
    int code = status != null && status.code() != 0 ? status.code() : exchange.response.getStatusCode();
    return new AuditEvent(
        trail.verdict,
        exchange.auditId,
        stage,
        exchange.target.uri(),
        exchange.info == null ? RequestInfo.nonResource(exchange.target.path(), exchange.method) : exchange.info,
        exchange.requestor,
        impersonates ? exchange.user : null,
        exchange.constraint,
        trail.sourceIps,
        exchange.header("User-Agent"),
        early ? 0 : code,
        early ? null : status,
        trail.request,
        trail.response,
        exchange.received,
        time,
        early ? Map.of() : trail.annotations);
  }
}
