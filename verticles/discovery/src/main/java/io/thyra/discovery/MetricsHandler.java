package io.thyra.discovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;

/// Answers with what a registry counts, always in Prometheus' text format whatever the client accepts.
final class MetricsHandler {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private final PrometheusRegistry registry;

  MetricsHandler(PrometheusRegistry registry) {
    this.registry = registry;
  }

  ApiResponse handle() {
    return ApiResponse.of(200, TYPE, Buffer.buffer(MetricsText.of(registry.scrape())));
  }
}
