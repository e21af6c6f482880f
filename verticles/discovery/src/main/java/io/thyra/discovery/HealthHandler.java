package io.thyra.discovery;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.model.Query;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers `/healthz`, `/livez` and `/readyz`, whole or for one check, and counts what the checks said.
/// Source: apiserver pkg/server/healthz/healthz.go; component-base metrics/prometheus/slis.
final class HealthHandler {
  private static final Logger LOG = LoggerFactory.getLogger(HealthHandler.class);

  private final List<HealthCheck> checks;
  private final Gauge latest;
  private final Counter results;

  /// @param slis the registry behind `/metrics/slis`
  HealthHandler(List<HealthCheck> checks, PrometheusRegistry slis) {
    this.checks = List.copyOf(checks);
    latest =
        Gauge.builder()
            .name("kubernetes_healthcheck")
            .help("This metric records the result of a single healthcheck.")
            .labelNames("name", "type")
            .register(slis);
    results =
        Counter.builder()
            .name("kubernetes_healthchecks_total")
            .help("This metric records the results of all healthcheck.")
            .labelNames("name", "status", "type")
            .register(slis);
  }

  /// The paths of an endpoint: itself and one for each of its checks.
  List<String> paths() {
    var paths = new ArrayList<String>();
    for (String endpoint : List.of("healthz", "livez", "readyz")) {
      paths.add("/" + endpoint);
      checks.stream().filter(asked(endpoint)).forEach(check -> paths.add("/" + endpoint + "/" + check.name()));
    }
    return paths;
  }

  /// @param name of one check, empty for all
  ApiResponse handle(ApiRequest request, String endpoint, String name) {
    List<HealthCheck> asked = checks.stream().filter(asked(endpoint)).toList();
    if (name.isEmpty()) {
      return all(Query.ofRequest(request.rawQuery()), endpoint, asked);
    }
    return asked.stream().filter(check -> check.name().equals(name)).findFirst().map(HealthHandler::one).orElseGet(Replies::noPage);
  }

  private static Predicate<HealthCheck> asked(String endpoint) {
    return endpoint.equals("readyz") ? HealthCheck::readyz : HealthCheck::livez;
  }

  private static ApiResponse one(HealthCheck check) {
    return failure(check).map(why -> Replies.text(500, "internal server error: " + why + "\n")).orElseGet(() -> Replies.text(200, "ok"));
  }

  private ApiResponse all(Query query, String endpoint, List<HealthCheck> asked) {
    var excluded = new TreeSet<>(query.all("exclude"));
    var unknown = new TreeSet<>(excluded);
    var lines = new StringBuilder();
    var failed = new ArrayList<String>();
    for (HealthCheck check : asked) {
      if (excluded.contains(check.name())) {
        unknown.remove(check.name());
        lines.append("[+]").append(check.name()).append(" excluded: ok\n");
        continue;
      }
      Optional<String> failure = failure(check);
      count(check, endpoint, failure.isEmpty());
      if (failure.isEmpty()) {
        lines.append("[+]").append(check.name()).append(" ok\n");
      } else {
        // The endpoint is public: why is told by the check's own path alone.
        lines.append("[-]").append(check.name()).append(" failed: reason withheld\n");
        failed.add(check.name() + ": " + failure.get());
      }
    }
    if (!unknown.isEmpty()) {
      String quoted = unknown.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
      lines.append("warn: some health checks cannot be excluded: no matches for ").append(quoted).append('\n');
    }
    if (!failed.isEmpty()) {
      LOG.info("{} failed: {}", endpoint, failed);
      return Replies.text(500, lines + endpoint + " check failed\n");
    }
    return Replies.text(200, query.has("verbose") ? lines + endpoint + " check passed\n" : "ok");
  }

  private static Optional<String> failure(HealthCheck check) {
    try {
      return check.failure().get();
    } catch (RuntimeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void count(HealthCheck check, String endpoint, boolean well) {
    latest.labelValues(check.name(), endpoint).set(well ? 1 : 0);
    results.labelValues(check.name(), well ? "success" : "error", endpoint).inc();
  }
}
