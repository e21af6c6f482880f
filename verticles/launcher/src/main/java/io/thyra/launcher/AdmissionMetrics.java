package io.thyra.launcher;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.thyra.admission.AdmissionTimes;
import io.thyra.registry.AdmissionAttributes.Operation;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How long admission takes, by plugin and as a whole. A plugin looks its series up once, and each observation costs two
/// increments. Safe for all threads.
/// Source: apiserver pkg/admission/metrics/metrics.go.
final class AdmissionMetrics {
  private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.5, 1.0, 2.5};

  /// The observations of one set of labels.
  private static final class Series {
    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    private Series() {
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    private void observe(long took) {
      double seconds = took / 1e9;
      int bucket = 0;
      while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
        bucket++;
      }
      counts[bucket].increment();
      nanos.add(took);
    }

    private HistogramDataPointSnapshot snapshot(Labels labels) {
      var buckets = ClassicHistogramBuckets.builder();
      for (int i = 0; i < counts.length; i++) {
        buckets.bucket(i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY, counts[i].sum());
      }
      return HistogramDataPointSnapshot.builder().labels(labels).classicHistogramBuckets(buckets.build()).sum(nanos.sum() / 1e9).build();
    }
  }

  private record Key(String plugin, Operation operation, boolean validating, boolean rejected) {
    Labels labels() {
      Labels labels =
          Labels.of(
              "operation", operation.name(), "rejected", Boolean.toString(rejected).toLowerCase(Locale.ROOT), "type", validating ? "validate" : "admit");
      return plugin.isEmpty() ? labels : labels.add("name", plugin);
    }
  }

  private final Map<Key, Series> plugins = new ConcurrentHashMap<>();
  private final Map<Key, Series> steps = new ConcurrentHashMap<>();

  AdmissionMetrics(PrometheusRegistry registry) {
    register(
        registry,
        "apiserver_admission_controller_admission_duration_seconds",
        "Admission controller latency histogram in seconds, identified by name and broken out for each operation and API resource and"
            + " type (validate or admit).",
        plugins);
    register(
        registry,
        "apiserver_admission_step_admission_duration_seconds",
        "Admission sub-step latency histogram in seconds, broken out for each operation and API resource and step type (validate or"
            + " admit).",
        steps);
  }

  private static void register(PrometheusRegistry registry, String name, String help, Map<Key, Series> series) {
    registry.register(
        new Collector() {
          @Override
          public MetricSnapshot collect() {
            var points = new ArrayList<HistogramDataPointSnapshot>();
            series.forEach((key, each) -> points.add(each.snapshot(key.labels())));
            return new HistogramSnapshot(new MetricMetadata(name, help), points);
          }
        });
  }

  /// Told the times of single plugins.
  AdmissionTimes plugins() {
    return of(plugins);
  }

  /// Told the times of all of them together, under an empty name.
  AdmissionTimes steps() {
    return of(steps);
  }

  private static AdmissionTimes of(Map<Key, Series> series) {
    return (plugin, operation, validating, rejected) ->
        series.computeIfAbsent(new Key(plugin, operation, validating, rejected), _ -> new Series())::observe;
  }
}
