package io.thyra.model;

import java.util.Objects;

/// A resource whatever its version.
public record GroupResource(String group, String resource) {
  public GroupResource {
    Objects.requireNonNull(group);
    Objects.requireNonNull(resource);
  }

  /// The form of upstream's error texts: `deployments.apps`, `pods`.
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}
