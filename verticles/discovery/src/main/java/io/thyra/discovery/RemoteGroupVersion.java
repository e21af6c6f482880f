package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import io.thyra.schema.ResourceSchema;
import java.util.List;
import java.util.Objects;

/// A group version that an extension server serves, as its APIService and its own discovery document describe it.
///
/// @param resources what the extension server last told, in its order; empty when it never answered
/// @param stale whether it did not answer lately
public record RemoteGroupVersion(
    GroupVersion groupVersion, ApiServicePriorities.Priority priority, List<ResourceSchema> resources, boolean stale) {
  public RemoteGroupVersion {
    Objects.requireNonNull(groupVersion);
    Objects.requireNonNull(priority);
    resources = List.copyOf(resources);
  }
}
