package io.thyra.ingress;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.model.Authorizer;
import io.thyra.model.GroupVersionResource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Upstream's request metrics: names, labels and buckets are theirs.
/// Source: apiserver pkg/endpoints/metrics/metrics.go.
public final class IngressMetrics implements RequestMetrics {
  private static final String COMPONENT = "apiserver";
  private static final double[] DURATIONS = {
    0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
  };
  private static final double[] SLI_DURATIONS = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};
  private static final double[] SIZES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

  // Resources are what clients say they are; this keeps inventive ones from filling the memory.
  private static final int SERIES_MAX = 20_000;
  private static final Labels OTHERS = new Labels("other", "", "", "", "", "", "");

  private final Map<Labels, Series> series = new ConcurrentHashMap<>();
  private final Counter requests;
  private final Histogram durations;
  private final Histogram sliDurations;
  private final Histogram sizes;
  private final Gauge longRunning;
  private final Gauge inFlight;
  private final Counter terminations;
  private final LongAdder handshakeErrors = new LongAdder();
  private final CallerMetrics callers;
  private final WatchMetrics watches;

  public IngressMetrics(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("apiserver_request_total")
            .help(
                "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope,"
                    + " component, and HTTP response code.")
            .labelNames("verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component", "code")
            .register(registry);
    durations =
        Histogram.builder()
            .name("apiserver_request_duration_seconds")
            .help(
                "Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource,"
                    + " scope and component.")
            .labelNames("verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component")
            .classicOnly()
            .classicUpperBounds(DURATIONS)
            .register(registry);
    sliDurations =
        Histogram.builder()
            .name("apiserver_request_sli_duration_seconds")
            .help(
                "Response latency distribution (not counting webhook duration and priority & fairness queue wait times) in"
                    + " seconds for each verb, group, version, resource, subresource, scope and component.")
            .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
            .classicOnly()
            .classicUpperBounds(SLI_DURATIONS)
            .register(registry);
    sizes =
        Histogram.builder()
            .name("apiserver_response_sizes")
            .help(
                "Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.")
            .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
            .classicOnly()
            .classicUpperBounds(SIZES)
            .register(registry);
    longRunning =
        Gauge.builder()
            .name("apiserver_longrunning_requests")
            .help(
                "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and"
                    + " component. Not all requests are tracked this way.")
            .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
            .register(registry);
    inFlight =
        Gauge.builder()
            .name("apiserver_current_inflight_requests")
            .help("Maximal number of currently used inflight request limit of this apiserver per request kind in last second.")
            .labelNames("request_kind")
            .register(registry);
    terminations =
        Counter.builder()
            .name("apiserver_request_terminations_total")
            .help("Number of requests which apiserver terminated in self-defense.")
            .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component", "code")
            .register(registry);
    CounterWithCallback.builder()
        .name("apiserver_tls_handshake_errors_total")
        .help("Number of requests dropped with 'TLS handshake error from' error")
        .callback(counter -> counter.call(handshakeErrors.sum()))
        .register(registry);
    callers = new CallerMetrics(registry);
    watches = new WatchMetrics(registry);
  }

  @Override
  public void authenticated(String name, long nanos) {
    callers.authenticated(name, nanos);
  }

  @Override
  public void unauthenticated(boolean refused, long nanos) {
    callers.unauthenticated(refused, nanos);
  }

  @Override
  public void authorized(Authorizer.Decision decision, long nanos) {
    callers.authorized(decision, nanos);
  }

  @Override
  public IntConsumer watchEvents(GroupVersionResource resource) {
    return watches.of(resource)::observe;
  }

  @Override
  public void handshakeFailed() {
    handshakeErrors.increment();
  }

  @Override
  public void answered(Labels labels, int code, Duration took, long responseBytes) {
    Series of = series.get(labels);
    if (of == null) {
      of = series.size() < SERIES_MAX ? series.computeIfAbsent(labels, this::newSeries) : series.computeIfAbsent(OTHERS, this::newSeries);
    }
    double seconds = took.toNanos() / 1e9;
    of.requests(code, labels).inc();
    of.durations.observe(seconds);
    if (of.sliDurations != null) {
      of.sliDurations.observe(seconds);
    }
    if (of.sizes != null) {
      of.sizes.observe(responseBytes);
    }
  }

  private Series newSeries(Labels l) {
    return new Series(
        durations.labelValues(l.verb(), l.dryRun(), l.group(), l.version(), l.resource(), l.subresource(), l.scope(), COMPONENT),
        l.dryRun().isEmpty() ? sliDurations.labelValues(values(l)) : null,
        l.verb().equals("GET") || l.verb().equals("LIST") ? sizes.labelValues(values(l)) : null);
  }

  /// The series of one set of labels, looked up once.
  private final class Series {
    private final DistributionDataPoint durations;
    private final @Nullable DistributionDataPoint sliDurations;
    private final @Nullable DistributionDataPoint sizes;
    private final Map<Integer, CounterDataPoint> byCode = new ConcurrentHashMap<>(4);

    Series(DistributionDataPoint durations, @Nullable DistributionDataPoint sliDurations, @Nullable DistributionDataPoint sizes) {
      this.durations = durations;
      this.sliDurations = sliDurations;
      this.sizes = sizes;
    }

    CounterDataPoint requests(int code, Labels asked) {
      return byCode.computeIfAbsent(
          code,
          c -> {
            Labels l = series.containsKey(asked) ? asked : OTHERS;
            return requests.labelValues(
                l.verb(), l.dryRun(), l.group(), l.version(), l.resource(), l.subresource(), l.scope(), COMPONENT, Integer.toString(c));
          });
    }
  }

  @Override
  public void terminated(Labels labels, int code) {
    Labels l = known(labels);
    terminations
        .labelValues(l.verb(), l.group(), l.version(), l.resource(), l.subresource(), l.scope(), COMPONENT, Integer.toString(code))
        .inc();
  }

  @Override
  public void longRunning(Labels l, int change) {
    longRunning.labelValues(values(known(l))).inc(change);
  }

  @Override
  public void inFlight(int reads, int writes) {
    inFlight.labelValues("readOnly").set(reads);
    inFlight.labelValues("mutating").set(writes);
  }

  private Labels known(Labels labels) {
    return series.size() < SERIES_MAX || series.containsKey(labels) ? labels : OTHERS;
  }

  private static String[] values(Labels l) {
    return new String[] {l.verb(), l.group(), l.version(), l.resource(), l.subresource(), l.scope(), COMPONENT};
  }
}
