package io.thyra.ingress;

import io.thyra.audit.AuditSink;
import io.thyra.flowcontrol.FlowControl;
import io.thyra.model.Authenticator;
import io.thyra.model.Authorizer;
import io.thyra.wire.Routes;
import io.thyra.wire.Wire;
import java.time.InstantSource;

/// What the filter chain leans on; shared by all instances of [IngressVerticle].
///
/// @param maxInFlight one for the process, so that all instances count together
/// @param impersonation what all instances remember of those who impersonate
public record Services(
    Routes routes,
    Wire wire,
    Authenticator authenticator,
    Authorizer authorizer,
    FlowControl flowControl,
    MaxInFlight maxInFlight,
    AuditSink auditSink,
    StatusEncoder statusEncoder,
    RequestMetrics metrics,
    InstantSource clock,
    ImpersonationMemory impersonation) {
  public Services(
      Routes routes,
      Wire wire,
      Authenticator authenticator,
      Authorizer authorizer,
      FlowControl flowControl,
      MaxInFlight maxInFlight,
      AuditSink auditSink,
      StatusEncoder statusEncoder,
      RequestMetrics metrics,
      InstantSource clock) {
    this(
        routes,
        wire,
        authenticator,
        authorizer,
        flowControl,
        maxInFlight,
        auditSink,
        statusEncoder,
        metrics,
        clock,
        new ImpersonationMemory());
  }
}
