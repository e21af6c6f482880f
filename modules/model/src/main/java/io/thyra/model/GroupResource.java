package io.thyra.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A resource whatever its version.
public record GroupResource(String group, String resource) {
  public GroupResource {
    Objects.requireNonNull(group);
    Objects.requireNonNull(resource);
  }

  /// Written out because it is the key of many maps, which the first requests of a server would otherwise pay for: the JVM makes the
  /// code of a record's own comparison when it is first asked, and never before.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupResource that && resource.equals(that.resource) && group.equals(that.group);
  }

  @Override
  public int hashCode() {
    return 31 * group.hashCode() + resource.hashCode();
  }

  /// The form of upstream's error texts: `deployments.apps`, `pods`.
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}
