package io.thyra.discovery;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.schema.Schemas;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/// Serves everything that is no resource from immutable snapshots. To be deployed once, on a virtual-thread context: health
/// checks may wait for a moment, and an OpenAPI document is built on a worker while others are answered.
public final class DiscoveryVerticle extends VerticleBase {
  private final Wire wire;
  private final Pages pages;

  /// Without anything but what is built in.
  public DiscoveryVerticle(Wire wire, DiscoverySource source, DiscoverySettings settings, PrometheusRegistry metrics) {
    this(wire, source, OpenApiSource.NONE, settings, metrics);
  }

  /// @param openApi describes what is not built in
  /// @param metrics what `/metrics` shows
  public DiscoveryVerticle(
      Wire wire, DiscoverySource source, OpenApiSource openApi, DiscoverySettings settings, PrometheusRegistry metrics) {
    this.wire = wire;
    var slis = new PrometheusRegistry();
    var discovery = new DiscoveryHandler(source, settings.externalAddress());
    var clock = InstantSource.system();
    String version = settings.version().major() + "." + settings.version().minor();
    var documents = new OpenApiDocuments(version, Schemas.builtin(), openApi, clock);
    pages =
        new Pages(
            discovery,
            new HealthHandler(settings.checks(), slis),
            new MetricsHandler(metrics),
            new MetricsHandler(slis),
            new OpenApiHandler(documents, clock),
            new ZPages(settings.version(), settings.flags(), clock),
            settings);
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
