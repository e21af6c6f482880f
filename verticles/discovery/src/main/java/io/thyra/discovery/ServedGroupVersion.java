package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import java.util.List;
import java.util.Objects;

/// A group version as discovery lists it.
///
/// @param resources in the order in which they are listed
/// @param stale whether an extension server did not answer lately, so that what is listed is what it said then
/// @param origin who serves it
public record ServedGroupVersion(
    GroupVersion groupVersion, ApiServicePriorities.Priority priority, List<ServedResource> resources, boolean stale, Origin origin) {
  /// Who serves a group version; upstream's parts word some things differently.
  public enum Origin {
    BUILTIN,
    CUSTOM,
    REMOTE
  }

  public ServedGroupVersion {
    Objects.requireNonNull(groupVersion);
    Objects.requireNonNull(priority);
    Objects.requireNonNull(origin);
    resources = List.copyOf(resources);
  }
}
