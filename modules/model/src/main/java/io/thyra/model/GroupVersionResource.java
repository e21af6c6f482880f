package io.thyra.model;

import java.util.Objects;

/// A resource as it stands in a path: API group (empty for core), version and lower-case plural.
public record GroupVersionResource(String group, String version, String resource) {
  public GroupVersionResource {
    Objects.requireNonNull(group);
    Objects.requireNonNull(version);
    Objects.requireNonNull(resource);
  }

  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  public GroupResource groupResource() {
    return new GroupResource(group, resource);
  }

  /// The form of upstream's error texts: `apps/v1, Resource=deployments`.
  @Override
  public String toString() {
    return (group.isEmpty() ? version : group + "/" + version) + ", Resource=" + resource;
  }
}
