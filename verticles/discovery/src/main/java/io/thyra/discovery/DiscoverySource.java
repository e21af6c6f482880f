package io.thyra.discovery;

import java.util.List;

/// What discovery tells of. Asked on every request, so its [#revision] must be cheap; safe for all threads.
public interface DiscoverySource {
  /// Differs from before whenever [#groupVersions] does. It is read first, so that a change between the two calls costs
  /// one more look and is never missed.
  long revision();

  /// Every group version that is served, in upstream's order: groups by priority, then name; versions by priority, then the
  /// order of Kubernetes versions.
  List<ServedGroupVersion> groupVersions();
}
