package io.thyra.discovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/// Serves everything that is no resource from immutable snapshots. To be deployed once, on a virtual-thread context: health
/// checks may wait for a moment, and an OpenAPI document is built on a worker while others are answered.
public final class DiscoveryVerticle extends VerticleBase {
  private final Wire wire;
  private final Pages pages;

  /// @param metrics what `/metrics` shows
  public DiscoveryVerticle(Wire wire, DiscoverySource source, DiscoverySettings settings, PrometheusRegistry metrics) {
    this.wire = wire;
    var slis = new PrometheusRegistry();
    var discovery = new DiscoveryHandler(source, settings.externalAddress());
    pages =
        new Pages(discovery, new HealthHandler(settings.checks(), slis), new MetricsHandler(metrics), new MetricsHandler(slis), settings);
  }

  /// Answers a request; what the address on the bus does.
  public ApiResponse handle(ApiRequest request) {
    return pages.handle(request);
  }

  @Override
  public Future<?> start() {
    return wire.serve(Endpoint.discovery(), this::handle);
  }
}
