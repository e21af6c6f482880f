package io.thyra.ingress;

import io.thyra.audit.AuditBody;
import io.thyra.audit.AuditLevel;
import io.thyra.audit.AuditVerdict;
import io.thyra.model.AuditAnnotation;
import io.thyra.model.Authorizer;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one audited request leaves behind for its events. Owned by whoever owns the [Exchange].
final class AuditTrail {
  final AuditVerdict verdict;
  final List<String> sourceIps;
  final Map<String, String> annotations = new TreeMap<>();
  @Nullable AuditBody request;
  @Nullable AuditBody response;
  /// Whether the stage ResponseStarted was told, which only long-running requests have.
  boolean started;

  AuditTrail(AuditVerdict verdict, List<String> sourceIps) {
    this.verdict = verdict;
    this.sourceIps = sourceIps;
  }

  void decided(Authorizer.Decision decision) {
    annotations.put("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
    annotations.put("authorization.k8s.io/reason", decision.reason());
  }

  /// The name of what is created stands in the body alone, so it is kept at every level.
  void asked(Exchange exchange, Buffer body) {
    boolean about = exchange.info != null && exchange.info.resourceRequest();
    if (about && body.length() > 0 && (verdict.level().covers(AuditLevel.REQUEST) || exchange.method.equals("POST"))) {
      request = new AuditBody(exchange.header(HttpHeaders.CONTENT_TYPE), List.of(body));
    }
  }

  /// That an answer is a Status is seen in its body alone; refusals are, and so is what a deletion may answer.
  void answered(Exchange exchange, ApiResponse answer) {
    boolean about = exchange.info != null && exchange.info.resourceRequest();
    for (AuditAnnotation told : answer.annotations()) {
      if (!told.tellsBody() || verdict.level().covers(AuditLevel.REQUEST)) {
        annotations.putIfAbsent(told.key(), told.value());
      }
    }
    boolean mayBeStatus = answer.code() >= 400 || exchange.method.equals("DELETE");
    if (about && (verdict.level().covers(AuditLevel.REQUEST_RESPONSE) || mayBeStatus)) {
      response = new AuditBody(answer.contentType(), answer.pieces());
    }
  }
}
