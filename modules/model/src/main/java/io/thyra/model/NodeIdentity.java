package io.thyra.model;

import java.util.Optional;

/// Which node a user is. Source: kubernetes pkg/auth/nodeidentifier/default.go.
public final class NodeIdentity {
  private static final String GROUP = "system:nodes";
  private static final String PREFIX = "system:node:";

  private NodeIdentity() {}

  /// The name of the node that a user is; the empty name for a node that does not say which; empty for all others.
  public static Optional<String> of(UserInfo user) {
    return user.name().startsWith(PREFIX) && user.isIn(GROUP) ? Optional.of(user.name().substring(PREFIX.length())) : Optional.empty();
  }
}
