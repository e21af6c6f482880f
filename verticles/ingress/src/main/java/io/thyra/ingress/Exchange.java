package io.thyra.ingress;

import io.thyra.flowcontrol.FlowControl;
import io.thyra.flowcontrol.Traffic;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One request and its answer. Owned by the event loop of its connection; the fields below the line are filled in by
/// the filters as they learn them, for whoever answers, counts and audits.
final class Exchange {
  final HttpServerRequest request;
  final HttpServerResponse response;
  final RequestTarget target;
  final HeaderNames names;
  final boolean http2;
  final String method;
  final String auditId;
  final Instant received;
  final long receivedNanos;

  @Nullable RequestInfo info;
  boolean longRunning;
  Instant deadline;
  @Nullable UserInfo requestor;
  @Nullable UserInfo user;
  String constraint = "";
  FlowControl.@Nullable Classified classified;
  /// Where the request is counted while it is served.
  @Nullable Traffic traffic;
  MaxInFlight.Slot slot = MaxInFlight.Slot.FREE;
  /// Whether the answer is under way or given; nothing may be answered after that.
  boolean answered;
  boolean done;
  /// Whether the connection is to be closed behind the answer.
  boolean closing;
  boolean counted = true;
  long responseBytes;
  @Nullable String corsOrigin;
  @Nullable Link link;
  /// Of a long-running request, while it is open.
  RequestMetrics.@Nullable Labels labels;
  @Nullable Status status;
  /// What is kept for audit events; null when the request is not audited.
  @Nullable AuditTrail trail;
  /// What to do when the client goes away in the middle.
  @Nullable Runnable whenGone;

  Exchange(HttpServerRequest request, RequestTarget target, String auditId, Instant received) {
    this.request = request;
    this.response = request.response();
    this.target = target;
    this.http2 = request.version() == HttpVersion.HTTP_2;
    this.names = http2 ? HeaderNames.HTTP_2 : HeaderNames.HTTP_1;
    this.method = request.method().name();
    this.auditId = auditId;
    this.received = received;
    this.receivedNanos = System.nanoTime();
    this.deadline = received;
  }

  String header(CharSequence name) {
    String value = request.headers().get(name);
    return value == null ? "" : value;
  }

  StatusEncoder.Preference preference() {
    return new StatusEncoder.Preference(
        header(HttpHeaders.ACCEPT),
        header(HttpHeaders.USER_AGENT),
        target.rawQuery().isEmpty() ? null : target.parameter("pretty"));
  }
}
