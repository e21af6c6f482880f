package io.thyra.authorization;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import java.util.ArrayList;

/// The mode RBAC: what no rule allows is not decided here. Source: kubernetes plugin/pkg/auth/authorizer/rbac/rbac.go.
public final class RbacAuthorizer implements Authorizer {
  private final RbacPolicy policy;

  public RbacAuthorizer(RbacPolicy policy) {
    this.policy = policy;
  }

  @Override
  public Decision authorize(AuthorizationAttributes asked) {
    var errors = new ArrayList<String>(0);
    String[] source = new String[1];
    policy.visit(
        asked.user(),
        asked.namespace(),
        (from, rule) -> {
          if (rule.allows(asked)) {
            source[0] = from;
            return false;
          }
          return true;
        },
        errors);
    if (source[0] != null) {
      return new Decision.Allow("RBAC: allowed by " + source[0]);
    }
    return errors.isEmpty() ? Decision.NO_OPINION : new Decision.NoOpinion("RBAC: " + RbacPolicy.aggregate(errors));
  }
}
