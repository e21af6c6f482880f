package io.thyra.discovery;

import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import java.util.Objects;

/// A group version that an extension server serves, as its APIService and its own discovery document describe it.
///
/// @param resources what the extension server told, in its order and in the form of aggregated discovery; empty when it did not answer
/// @param stale whether it did not answer lately
public record RemoteGroupVersion(
    GroupVersion groupVersion, ApiServicePriorities.Priority priority, ListValue resources, boolean stale) {
  public RemoteGroupVersion {
    Objects.requireNonNull(groupVersion);
    Objects.requireNonNull(priority);
    Objects.requireNonNull(resources);
  }
}
