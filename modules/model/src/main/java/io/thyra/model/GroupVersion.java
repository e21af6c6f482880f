package io.thyra.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An API group and one of its versions. The core group is the empty string.
public record GroupVersion(String group, String version) {
  public GroupVersion {
    Objects.requireNonNull(group);
    Objects.requireNonNull(version);
  }

  /// Parses an `apiVersion`: `v1` or `apps/v1`. More than one slash makes the first part the group and the rest the
  /// version, which then names nothing that is served.
  public static GroupVersion parse(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0
        ? new GroupVersion("", apiVersion)
        : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
  }

  /// The form that objects carry as `apiVersion`.
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public GroupVersionKind kind(String kind) {
    return new GroupVersionKind(group, version, kind);
  }

  public GroupVersionResource resource(String resource) {
    return new GroupVersionResource(group, version, resource);
  }

  /// Written out for the reason of [GroupResource#equals].
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupVersion that && version.equals(that.version) && group.equals(that.group);
  }

  @Override
  public int hashCode() {
    return 31 * group.hashCode() + version.hashCode();
  }

  @Override
  public String toString() {
    return apiVersion();
  }
}
