package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thyra.model.Authorizer;
import io.thyra.model.GroupVersionResource;
import java.time.Duration;
import java.util.function.IntConsumer;
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

  @Test
  void countsCallersUnderFewNames() {
    metrics.authenticated("admin", 1_500_000);
    metrics.authenticated("alice", 1_000);
    metrics.authenticated("bob@example.com", 1_000);
    metrics.unauthenticated(true, 1_000);
    metrics.authorized(Authorizer.Decision.NO_OPINION, 1_000);
    CounterSnapshot users = (CounterSnapshot) metric("authenticated_user_requests");
    assertThat(users.getDataPoints()).extracting(p -> p.getLabels().get("username")).containsExactlyInAnyOrder("admin", "email_id", "other");
    CounterSnapshot attempts = (CounterSnapshot) metric("authentication_attempts");
    assertThat(attempts.getDataPoints()).extracting(p -> p.getLabels().get("result")).containsExactlyInAnyOrder("success", "error");
    HistogramSnapshot durations = (HistogramSnapshot) metric("authentication_duration_seconds");
    var success = durations.getDataPoints().stream().filter(p -> p.getLabels().get("result").equals("success")).findFirst().orElseThrow();
    assertThat(success.getClassicBuckets().size()).isEqualTo(16);
    assertThat(success.getClassicBuckets().getCount(0)).isEqualTo(2);
    assertThat(success.getClassicBuckets().getCount(1)).isEqualTo(1);
    assertThat(success.getClassicBuckets().getUpperBound(1)).isEqualTo(0.002);
    CounterSnapshot authorizations = (CounterSnapshot) metric("authorization_attempts");
    assertThat(authorizations.getDataPoints().getFirst().getLabels().get("result")).isEqualTo("no-opinion");
  }

  @Test
  void countsWatchEventsBySize() {
    IntConsumer counter = metrics.watchEvents(new GroupVersionResource("", "v1", "pods"));
    counter.accept(1024);
    counter.accept(1025);
    counter.accept(1 << 20);
    HistogramSnapshot sizes = (HistogramSnapshot) metric("apiserver_watch_events_sizes");
    var point = sizes.getDataPoints().getFirst();
    assertThat(point.getClassicBuckets().getCount(0)).isEqualTo(1);
    assertThat(point.getClassicBuckets().getCount(1)).isEqualTo(1);
    assertThat(point.getClassicBuckets().getCount(8)).isEqualTo(1);
    assertThat(point.getSum()).isEqualTo(1024 + 1025 + (1 << 20));
    CounterSnapshot events = (CounterSnapshot) metric("apiserver_watch_events");
    assertThat(events.getDataPoints().getFirst().getValue()).isEqualTo(3);
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
