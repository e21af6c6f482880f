package io.thyra.launcher;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.model.GroupResource;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import io.thyra.storage.etcd.RequestObserver;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Requests to etcd, counted as upstream counts them. Source: apiserver pkg/storage/etcd3/metrics/metrics.go.
final class EtcdMetrics implements RequestObserver {
  private static final double[] BUCKETS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
  };

  private final Histogram durations;
  private final Counter requests;
  private final Counter errors;
  private final Supplier<@Nullable Registry> registry;

  /// @param registry known only once it was made on the store
  EtcdMetrics(PrometheusRegistry metrics, Supplier<@Nullable Registry> registry) {
    this.registry = registry;
    this.durations =
        Histogram.builder()
            .name("etcd_request_duration_seconds")
            .help("Etcd request latency in seconds for each operation and object type.")
            .labelNames("operation", "group", "resource")
            .classicOnly()
            .classicUpperBounds(BUCKETS)
            .register(metrics);
    this.requests =
        Counter.builder()
            .name("etcd_requests_total")
            .help("Etcd request counts for each operation and object type.")
            .labelNames("operation", "group", "resource")
            .register(metrics);
    this.errors =
        Counter.builder()
            .name("etcd_request_errors_total")
            .help("Etcd failed request counts for each operation and object type.")
            .labelNames("operation", "group", "resource")
            .register(metrics);
  }

  @Override
  public void onRequest(String operation, String key, Duration duration, boolean failed) {
    Registry known = registry.get();
    if (known == null) {
      return;
    }
    for (ResourceStore store : known.stores()) {
      if (key.startsWith(store.definition().storagePrefix())) {
        GroupResource resource = store.definition().resource();
        durations.labelValues(operation, resource.group(), resource.resource()).observe(duration.toNanos() / 1e9);
        requests.labelValues(operation, resource.group(), resource.resource()).inc();
        if (failed) {
          errors.labelValues(operation, resource.group(), resource.resource()).inc();
        }
        return;
      }
    }
  }
}
