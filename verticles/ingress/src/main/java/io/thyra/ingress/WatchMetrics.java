package io.thyra.ingress;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thyra.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What is counted of watch events: a watch looks its counter up once, when it opens. Safe for all threads.
/// Source: apiserver pkg/endpoints/metrics/metrics.go.
final class WatchMetrics {
  private static final long FIRST_BYTES = 1024;
  private static final int BUCKETS = 8;

  // One for each resource that was ever watched; those are what is served.
  private final Map<GroupVersionResource, PowerHistogram> events = new ConcurrentHashMap<>();

  WatchMetrics(PrometheusRegistry registry) {
    CounterWithCallback.builder()
        .name("apiserver_watch_events_total")
        .help("Number of events sent in watch clients")
        .labelNames("group", "version", "resource")
        .callback(
            counter -> events.forEach((of, counted) -> counter.call(counted.count(), of.group(), of.version(), of.resource())))
        .register(registry);
    registry.register(
        new Collector() {
          @Override
          public MetricSnapshot collect() {
            var points = new ArrayList<HistogramSnapshot.HistogramDataPointSnapshot>();
            events.forEach(
                (of, counted) ->
                    points.add(
                        counted.snapshot(Labels.of("group", of.group(), "version", of.version(), "resource", of.resource()))));
            return new HistogramSnapshot(new MetricMetadata("apiserver_watch_events_sizes", "Watch event size distribution in bytes"), points);
          }
        });
  }

  PowerHistogram of(GroupVersionResource resource) {
    return events.computeIfAbsent(resource, _ -> new PowerHistogram(FIRST_BYTES, BUCKETS, 1));
  }
}
