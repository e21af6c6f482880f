package io.thyra.launcher;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.aggregation.AggregationVerticle;

/// What is told of APIServices. Source: kube-aggregator pkg/controllers/status/metrics/metrics.go.
final class AggregationMetrics {
  private AggregationMetrics() {}

  static void register(PrometheusRegistry metrics, AggregationVerticle aggregation) {
    GaugeWithCallback.builder()
        .name("aggregator_unavailable_apiservice")
        .help("Gauge of APIServices which are marked as unavailable broken down by APIService name.")
        .labelNames("name")
        .callback(gauge -> aggregation.availability().forEach((name, available) -> gauge.call(available ? 0 : 1, name)))
        .register(metrics);
    CounterWithCallback.builder()
        // Told as aggregator_unavailable_apiservice_total.
        .name("aggregator_unavailable_apiservice_events")
        .help("Counter of APIServices which are marked as unavailable broken down by APIService name and reason.")
        .labelNames("name", "reason")
        .callback(counter -> aggregation.outages((outage, count) -> counter.call(count, outage.name(), outage.reason())))
        .register(metrics);
  }
}
