package io.thyra.ingress;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thyra.model.Authorizer;
import java.util.ArrayList;
import java.util.concurrent.atomic.LongAdder;

/// What is counted of those who call and of what they may do. Safe for all threads.
/// Source: apiserver pkg/endpoints/filters/metrics.go.
final class CallerMetrics {
  private static final long FIRST_NANOS = 1_000_000;
  private static final int BUCKETS = 15;
  private static final String[] AUTHENTICATIONS = {"success", "failure", "error"};
  private static final String[] AUTHORIZATIONS = {"allowed", "denied", "no-opinion"};
  // Names that are told; all others are one.
  private static final String[] USERS = {"admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default", "email_id", "other"};
  private static final int EMAIL = 5;
  private static final int OTHER = 6;

  private final PowerHistogram[] authentications = histograms(AUTHENTICATIONS.length);
  private final PowerHistogram[] authorizations = histograms(AUTHORIZATIONS.length);
  private final LongAdder[] users = new LongAdder[USERS.length];

  CallerMetrics(PrometheusRegistry registry) {
    for (int i = 0; i < users.length; i++) {
      users[i] = new LongAdder();
    }
    CounterWithCallback.builder()
        .name("authenticated_user_requests")
        .help("Counter of authenticated requests broken out by username.")
        .labelNames("username")
        .callback(
            counter -> {
              for (int i = 0; i < users.length; i++) {
                if (users[i].sum() > 0) {
                  counter.call(users[i].sum(), USERS[i]);
                }
              }
            })
        .register(registry);
    attempts(registry, "authentication_attempts", "Counter of authenticated attempts.", AUTHENTICATIONS, authentications);
    attempts(
        registry,
        "authorization_attempts_total",
        "Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', 'no-opinion' or 'error'.",
        AUTHORIZATIONS,
        authorizations);
    durations(
        registry, "authentication_duration_seconds", "Authentication duration in seconds broken out by result.", AUTHENTICATIONS,
        authentications);
    durations(
        registry, "authorization_duration_seconds", "Authorization duration in seconds broken out by result.", AUTHORIZATIONS, authorizations);
  }

  private static PowerHistogram[] histograms(int count) {
    var all = new PowerHistogram[count];
    for (int i = 0; i < count; i++) {
      all[i] = new PowerHistogram(FIRST_NANOS, BUCKETS, 1e-9);
    }
    return all;
  }

  private static void attempts(PrometheusRegistry registry, String name, String help, String[] results, PowerHistogram[] counted) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames("result")
        .callback(
            counter -> {
              for (int i = 0; i < results.length; i++) {
                if (counted[i].count() > 0) {
                  counter.call(counted[i].count(), results[i]);
                }
              }
            })
        .register(registry);
  }

  private static void durations(PrometheusRegistry registry, String name, String help, String[] results, PowerHistogram[] counted) {
    registry.register(
        new Collector() {
          @Override
          public MetricSnapshot collect() {
            var points = new ArrayList<HistogramSnapshot.HistogramDataPointSnapshot>();
            for (int i = 0; i < results.length; i++) {
              if (counted[i].count() > 0) {
                points.add(counted[i].snapshot(Labels.of("result", results[i])));
              }
            }
            return new HistogramSnapshot(new MetricMetadata(name, help), points);
          }
        });
  }

  /// Somebody was authenticated.
  void authenticated(String name, long nanos) {
    authentications[0].observe(nanos);
    users[user(name)].increment();
  }

  /// Nobody was.
  ///
  /// @param refused whether a credential was found to be wrong
  void unauthenticated(boolean refused, long nanos) {
    authentications[refused ? 2 : 1].observe(nanos);
  }

  void authorized(Authorizer.Decision decision, long nanos) {
    int result =
        switch (decision) {
          case Authorizer.Decision.Allow _ -> 0;
          case Authorizer.Decision.Deny _ -> 1;
          case Authorizer.Decision.NoOpinion _ -> 2;
        };
    authorizations[result].observe(nanos);
  }

  private static int user(String name) {
    for (int i = 0; i < EMAIL; i++) {
      if (USERS[i].equals(name)) {
        return i;
      }
    }
    return name.indexOf('@') >= 0 ? EMAIL : OTHER;
  }
}
