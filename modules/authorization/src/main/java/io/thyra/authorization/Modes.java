package io.thyra.authorization;

import io.thyra.model.Authorizer;
import io.thyra.model.Authorizer.Decision;
import io.thyra.model.UserInfo;
import java.util.ArrayList;
import java.util.List;

/// The chain of authorizers that `--authorization-mode` names. `system:masters` is let through before any of them.
public final class Modes {
  private static final Authorizer ALWAYS_ALLOW = _ -> new Decision.Allow("");
  private static final Authorizer ALWAYS_DENY = _ -> new Decision.NoOpinion("Everything is forbidden.");
  private static final Authorizer PRIVILEGED_GROUPS =
      asked -> asked.user().isIn(UserInfo.SYSTEM_MASTERS) ? new Decision.Allow("") : Decision.NO_OPINION;

  private Modes() {}

  /// @param modes of AlwaysAllow, AlwaysDeny, Node and RBAC, in order
  public static Authorizer chain(List<String> modes, RbacPolicy policy, NodeGraph nodes) {
    var chain = new ArrayList<Authorizer>();
    chain.add(PRIVILEGED_GROUPS);
    for (String mode : modes) {
      chain.add(
          switch (mode) {
            case "AlwaysAllow" -> ALWAYS_ALLOW;
            case "AlwaysDeny" -> ALWAYS_DENY;
            case "Node" -> new NodeAuthorizer(nodes);
            case "RBAC" -> new RbacAuthorizer(policy);
            default -> throw new IllegalArgumentException("unknown authorization mode " + mode);
          });
    }
    return Authorizer.union(chain);
  }
}
