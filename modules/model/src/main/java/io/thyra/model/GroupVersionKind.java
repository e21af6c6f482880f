package io.thyra.model;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The type of an object: API group (empty for core), version and kind.
public record GroupVersionKind(String group, String version, String kind) implements Comparable<GroupVersionKind> {
  public GroupVersionKind {
    Objects.requireNonNull(group);
    Objects.requireNonNull(version);
    Objects.requireNonNull(kind);
  }

  /// By group, version and kind, each as text.
  @Override
  public int compareTo(GroupVersionKind other) {
    int byGroup = group.compareTo(other.group);
    int byVersion = byGroup != 0 ? byGroup : version.compareTo(other.version);
    return byVersion != 0 ? byVersion : kind.compareTo(other.kind);
  }

  public GroupVersion groupVersion() {
    return new GroupVersion(group, version);
  }

  public GroupKind groupKind() {
    return new GroupKind(group, kind);
  }

  /// The form that objects carry as `apiVersion`.
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// Written out for the reason of [GroupResource#equals].
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GroupVersionKind that && kind.equals(that.kind) && version.equals(that.version) && group.equals(that.group);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * group.hashCode() + version.hashCode()) + kind.hashCode();
  }

  /// The form of upstream's error texts: `apps/v1, Kind=Deployment`.
  @Override
  public String toString() {
    return apiVersion() + ", Kind=" + kind;
  }
}
