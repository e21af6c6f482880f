package io.thyra.launcher;

import io.thyra.aggregation.RemoteDocuments;
import io.thyra.aggregation.RemoteGroup;
import io.thyra.discovery.ApiServicePriorities;
import io.thyra.discovery.OpenApiSource;
import io.thyra.discovery.RemoteGroupVersion;
import io.thyra.model.GroupVersion;
import java.util.List;
import java.util.Optional;

/// What extension servers say of themselves, as discovery takes it. Safe for all threads.
final class RemoteDescriptions implements OpenApiSource {
  private final OpenApiSource others;
  private volatile Remote remote = Remote.NONE;

  /// @param others describes what is not an extension server's
  RemoteDescriptions(OpenApiSource others) {
    this.others = others;
  }

  void update(RemoteDocuments documents) {
    remote = new Remote(documents.index(), documents.documents());
  }

  static List<RemoteGroupVersion> groupVersions(List<RemoteGroup> groups) {
    return groups.stream()
        .map(
            group ->
                new RemoteGroupVersion(
                    group.groupVersion(),
                    new ApiServicePriorities.Priority(group.priority().group(), group.priority().version()),
                    group.resources(),
                    group.stale()))
        .toList();
  }

  @Override
  public Optional<Contribution> find(GroupVersion groupVersion) {
    return others.find(groupVersion);
  }

  @Override
  public Remote remote() {
    return remote;
  }
}
