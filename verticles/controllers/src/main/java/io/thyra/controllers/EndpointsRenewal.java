package io.thyra.controllers;

import java.time.Duration;

/// Keeps this server among the endpoints of the kubernetes Service, and those out that are gone.
final class EndpointsRenewal extends Loop {
  private static final String KEY = "endpoints";

  private final ClusterObjects cluster;
  private final Duration period;

  EndpointsRenewal(ClusterObjects cluster, Duration period) {
    super("kubernetes-endpoints");
    this.cluster = cluster;
    this.period = period;
  }

  @Override
  void follow() {
    queue.addAfter(KEY, period);
  }

  @Override
  void reconcile(String key) {
    cluster.announce();
    queue.addAfter(KEY, period);
  }
}
