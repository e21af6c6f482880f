package io.thyra.discovery;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.math.BigDecimal;

/// Prints metrics in Prometheus' text format 0.0.4 as Go's client prints them: names as they are, numbers in their shortest
/// form, and the stability of a metric before its help text. Source: prometheus/common expfmt; component-base metrics/opts.go.
final class MetricsText {
  private final StringBuilder out = new StringBuilder(1 << 16);

  private MetricsText() {}

  static String of(MetricSnapshots snapshots) {
    var text = new MetricsText();
    snapshots.forEach(text::family);
    return text.out.toString();
  }

  private void family(MetricSnapshot snapshot) {
    String name = snapshot.getMetadata().getPrometheusName();
    switch (snapshot) {
      case CounterSnapshot counter -> {
        // The library takes the suffix away; upstream has counters without it.
        String whole = MetricStability.counterName(name);
        head(whole, snapshot, "counter");
        counter.getDataPoints().forEach(point -> sample(whole, point.getLabels(), "", point.getValue()));
      }
      case GaugeSnapshot gauge -> {
        head(name, snapshot, "gauge");
        gauge.getDataPoints().forEach(point -> sample(name, point.getLabels(), "", point.getValue()));
      }
      case HistogramSnapshot histogram -> {
        head(name, snapshot, "histogram");
        histogram.getDataPoints().forEach(point -> histogram(name, point));
      }
      case SummarySnapshot summary -> {
        head(name, snapshot, "summary");
        summary
            .getDataPoints()
            .forEach(
                point -> {
                  point
                      .getQuantiles()
                      .forEach(q -> sample(name, point.getLabels(), "quantile=\"" + number(q.getQuantile()) + '"', q.getValue()));
                  sample(name + "_sum", point.getLabels(), "", point.getSum());
                  sample(name + "_count", point.getLabels(), "", point.getCount());
                });
      }
      default -> { /* Other kinds are not made here. */ }
    }
  }

  private void histogram(String name, HistogramSnapshot.HistogramDataPointSnapshot point) {
    long seen = 0;
    var buckets = point.getClassicBuckets();
    for (int i = 0; i < buckets.size(); i++) {
      seen += buckets.getCount(i);
      sample(name + "_bucket", point.getLabels(), "le=\"" + number(buckets.getUpperBound(i)) + '"', seen);
    }
    sample(name + "_sum", point.getLabels(), "", point.getSum());
    sample(name + "_count", point.getLabels(), "", point.getCount());
  }

  private void head(String name, MetricSnapshot snapshot, String type) {
    String help = snapshot.getMetadata().getHelp() == null ? "" : snapshot.getMetadata().getHelp();
    String told = MetricStability.of(name);
    String prefix = told.isEmpty() || help.startsWith("[") && !name.equals("apiserver_storage_objects") ? "" : "[" + told + "] ";
    out.append("# HELP ").append(name).append(' ').append(prefix).append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, Labels labels, String last, double value) {
    out.append(name);
    if (!labels.isEmpty() || !last.isEmpty()) {
      char separator = '{';
      for (int i = 0; i < labels.size(); i++) {
        String text = labels.getValue(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        out.append(separator).append(labels.getPrometheusName(i)).append("=\"").append(text).append('"');
        separator = ',';
      }
      if (!last.isEmpty()) {
        out.append(separator).append(last);
      }
      out.append('}');
    }
    out.append(' ').append(number(value)).append('\n');
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (value == 0) {
      return "0";
    }
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e21) {
      return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
    return scientific(new BigDecimal(Double.toString(value)).stripTrailingZeros());
  }

  private static String scientific(BigDecimal value) {
    String digits = value.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - value.scale();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    String power = (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return (value.signum() < 0 ? "-" : "") + mantissa + power;
  }
}
