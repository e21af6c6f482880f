package io.thyra.controllers;

import java.time.Duration;

/// Renews the Lease by which this server is known.
final class IdentityRenewal extends Loop {
  private static final String KEY = "identity";

  private final ClusterObjects cluster;
  private final Duration period;

  IdentityRenewal(ClusterObjects cluster, Duration period) {
    super("apiserver-identity");
    this.cluster = cluster;
    this.period = period;
  }

  @Override
  void follow() {
    queue.addAfter(KEY, period);
  }

  @Override
  void reconcile(String key) {
    cluster.renewIdentity();
    queue.addAfter(KEY, period);
  }
}
