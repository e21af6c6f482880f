package io.thyra.ingress;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;

/// What a request has become behind each filter. A filter takes one of these and gives the next, so that none can be
/// left out or put in the wrong place.
final class Stages {
  private Stages() {}

  /// It has an audit id and a target that can be read.
  record Received(Exchange exchange, Link link) {}

  /// It is known what it asks for and how long it may take.
  record Identified(Exchange exchange, Link link, RequestInfoResolver.Resolved resolved) {
    RequestInfo info() {
      return resolved.info();
    }
  }

  /// It is known who asks, and as whom: impersonation is done.
  ///
  /// @param requestor who authenticated
  /// @param user who acts
  /// @param constraint the verb that allowed a constrained impersonation, else empty
  record Acting(Identified identified, UserInfo requestor, UserInfo user, String constraint) {}

  /// There is room to serve it.
  record Admitted(Acting acting) {}

  /// It may be served.
  record Authorized(Exchange exchange, Link link, RequestInfoResolver.Resolved resolved, UserInfo user) {}
}
