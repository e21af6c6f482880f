package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import java.util.List;
import java.util.Objects;

/// A group version as discovery lists it.
///
/// @param resources in the order in which they are listed
/// @param remoteResources those of an extension server, in the form of aggregated discovery
/// @param stale whether an extension server did not answer lately, so that what is listed is what it said then
/// @param origin who serves it
public record ServedGroupVersion(
    GroupVersion groupVersion,
    ApiServicePriorities.Priority priority,
    List<ServedResource> resources,
    ListValue remoteResources,
    boolean stale,
    Origin origin) {
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
    Objects.requireNonNull(remoteResources);
    resources = List.copyOf(resources);
  }

  /// One that this server serves.
  public ServedGroupVersion(
      GroupVersion groupVersion, ApiServicePriorities.Priority priority, List<ServedResource> resources, boolean stale, Origin origin) {
    this(groupVersion, priority, resources, ListValue.EMPTY, stale, origin);
  }
}
