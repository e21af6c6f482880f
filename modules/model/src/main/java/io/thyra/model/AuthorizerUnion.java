package io.thyra.model;

import java.util.List;

/// Asks one authorizer after the other. Source: apiserver pkg/authorization/union/union.go.
record AuthorizerUnion(List<Authorizer> authorizers) implements Authorizer {
  AuthorizerUnion {
    authorizers = List.copyOf(authorizers);
  }

  @Override
  public Decision authorize(AuthorizationAttributes attributes) {
    String reasons = "";
    for (Authorizer authorizer : authorizers) {
      switch (authorizer.authorize(attributes)) {
        case Decision.Allow allow -> {
          return allow;
        }
        case Decision.Deny deny -> {
          return deny;
        }
        case Decision.NoOpinion(String reason) -> reasons = reason.isEmpty() ? reasons : reasons.isEmpty() ? reason : reasons + "\n" + reason;
      }
    }
    return reasons.isEmpty() ? Decision.NO_OPINION : new Decision.NoOpinion(reasons);
  }

  @Override
  public boolean mayBlock() {
    for (Authorizer authorizer : authorizers) {
      if (authorizer.mayBlock()) {
        return true;
      }
    }
    return false;
  }
}
