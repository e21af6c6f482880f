package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IngressMetricsTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final IngressMetrics metrics = new IngressMetrics(registry);
  private final RequestMetrics.Labels list = new RequestMetrics.Labels("LIST", "", "v1", "pods", "", "cluster", "");

  @Test
  void countsRequestsByUpstreamsLabels() {
    metrics.answered(list, 200, Duration.ofMillis(30), 5000);
    metrics.answered(list, 200, Duration.ofMillis(30), 5000);
    metrics.answered(list, 500, Duration.ofMillis(30), 5000);
    CounterSnapshot requests = (CounterSnapshot) metric("apiserver_request");
    assertThat(requests.getDataPoints()).hasSize(2);
    assertThat(requests.getDataPoints().stream().filter(p -> p.getLabels().equals(labels("200"))).findFirst().orElseThrow().getValue())
        .isEqualTo(2);
    HistogramSnapshot durations = (HistogramSnapshot) metric("apiserver_request_duration_seconds");
    assertThat(durations.getDataPoints().getFirst().getClassicBuckets().size()).isEqualTo(24);
  }

  @Test
  void boundsWhatClientsMakeUp() {
    for (int i = 0; i < 21_000; i++) {
      metrics.answered(new RequestMetrics.Labels("GET", "", "v1", "r" + i, "", "resource", ""), 200, Duration.ZERO, 1);
    }
    CounterSnapshot requests = (CounterSnapshot) metric("apiserver_request");
    assertThat(requests.getDataPoints().size()).isLessThanOrEqualTo(20_001);
  }

  private static Labels labels(String code) {
    return Labels.of(
        "verb", "LIST", "dry_run", "", "group", "", "version", "v1", "resource", "pods", "subresource", "", "scope", "cluster",
        "component", "apiserver", "code", code);
  }

  private MetricSnapshot metric(String name) {
    return registry.scrape().stream().filter(m -> m.getMetadata().getPrometheusName().equals(name)).findFirst().orElseThrow();
  }
}
