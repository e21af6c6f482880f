package io.thyra.discovery;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Answers with what a registry counts, always in Prometheus' text format whatever the client accepts.
final class MetricsHandler {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";

  private final PrometheusRegistry registry;
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  MetricsHandler(PrometheusRegistry registry) {
    this.registry = registry;
  }

  ApiResponse handle() {
    var out = new ByteArrayOutputStream(1 << 16);
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ApiResponse.of(200, TYPE, Buffer.buffer(out.toByteArray()));
  }
}
