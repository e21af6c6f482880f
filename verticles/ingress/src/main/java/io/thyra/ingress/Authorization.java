package io.thyra.ingress;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.AuthorizationAttributes.Requirement;
import io.thyra.model.Authorizer;
import io.thyra.model.RequestInfo;
import java.util.List;

/// Asks whether a request may be served. Touches nothing but its arguments and counters, so it may run on a thread that waits.
final class Authorization {
  private final Authorizer authorizer;
  private final RequestMetrics metrics;

  Authorization(Authorizer authorizer, RequestMetrics metrics) {
    this.authorizer = authorizer;
    this.metrics = metrics;
  }

  boolean mayBlock() {
    return authorizer.mayBlock();
  }

  /// @throws io.thyra.model.ApiException Forbidden
  Stages.Authorized authorize(Stages.Admitted admitted) {
    Stages.Acting acting = admitted.acting();
    Stages.Identified identified = acting.identified();
    AuthorizationAttributes asked = attributes(acting);
    long start = System.nanoTime();
    Authorizer.Decision decision = authorizer.authorize(asked);
    metrics.authorized(decision, System.nanoTime() - start);
    AuditTrail trail = identified.exchange().trail;
    if (trail != null) {
      trail.decided(decision);
    }
    if (!decision.allowed()) {
      throw Refusal.of(asked, decision.reason()).toException();
    }
    return new Stages.Authorized(identified.exchange(), identified.link(), identified.resolved(), acting.user());
  }

  private static AuthorizationAttributes attributes(Stages.Acting acting) {
    Stages.Identified identified = acting.identified();
    RequestInfo info = identified.info();
    RequestTarget target = identified.exchange().target;
    if (target.rawQuery().isEmpty() || identified.resolved().verbInPath() || !takesSelectors(info.verb())) {
      return AuthorizationAttributes.of(acting.user(), info);
    }
    String fields = target.parameter("fieldSelector");
    String labels = target.parameter("labelSelector");
    List<Requirement> fieldTerms = fields == null || fields.isEmpty() ? List.of() : FieldSelectorText.requirements(fields);
    List<Requirement> labelTerms = labels == null || labels.isEmpty() ? List.of() : LabelSelectorText.requirements(labels);
    return AuthorizationAttributes.of(acting.user(), info, fieldTerms, labelTerms);
  }

  private static boolean takesSelectors(String verb) {
    return switch (verb) {
      case "list", "watch", "deletecollection" -> true;
      default -> false;
    };
  }
}
