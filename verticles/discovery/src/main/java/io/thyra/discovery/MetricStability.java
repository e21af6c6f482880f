package io.thyra.discovery;

import java.util.HashMap;
import java.util.Map;

/// How far upstream promises to keep a metric. Source: the metrics.go files of apiserver, kube-aggregator and component-base.
final class MetricStability {
  private static final Map<String, String> LEVELS = read();
  // A gauge and a counter whose names differ in their suffix alone, which the library does not take.
  private static final Map<String, String> RENAMED =
      Map.of("aggregator_unavailable_apiservice_events", "aggregator_unavailable_apiservice_total");

  private MetricStability() {}

  /// STABLE, BETA, ALPHA or INTERNAL; empty for metrics that are not upstream's.
  static String of(String name) {
    return LEVELS.getOrDefault(name, "");
  }

  /// The whole name of a counter: `_total` at its end, unless upstream has it without.
  static String counterName(String bare) {
    String renamed = RENAMED.get(bare);
    if (renamed != null) {
      return renamed;
    }
    String total = bare + "_total";
    return LEVELS.containsKey(bare) && !LEVELS.containsKey(total) ? bare : total;
  }

  private static Map<String, String> read() {
    var levels = new HashMap<String, String>();
    Lines.read(
        "stability.txt",
        line -> {
          String[] words = line.split(" ");
          levels.put(words[0], words[1]);
        });
    return levels;
  }
}
