package io.thyra.model;

import java.util.Objects;

/// A kind whatever its version.
public record GroupKind(String group, String kind) {
  public GroupKind {
    Objects.requireNonNull(group);
    Objects.requireNonNull(kind);
  }

  /// The form of upstream's error texts: `Deployment.apps`, `Pod`.
  @Override
  public String toString() {
    return group.isEmpty() ? kind : kind + "." + group;
  }
}
