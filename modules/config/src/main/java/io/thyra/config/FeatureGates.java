package io.thyra.config;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The feature gates that change anything here. All of them are off where nobody turns them on; what upstream has on by default
/// is always on. Source: pkg/features/kube_features.go.
final class FeatureGates {
  private static final Set<String> ALPHA =
      Set.of(
          "DRAWorkloadResourceClaims", "GenericWorkload", "TopologyAwareWorkloadScheduling", "WorkloadAwarePreemption", "WorkloadWithJob");
  private static final Set<String> BETA = Set.of("ClusterTrustBundle", "PodCertificateRequest", "StorageVersionMigrator");

  private FeatureGates() {}

  /// The gates that are on. One that is named counts more than all of its stage.
  ///
  /// @throws ConfigException for what is neither true nor false
  static Set<String> enabled(Map<String, String> asked) {
    var on = new TreeSet<String>();
    addAll(asked, "AllAlpha", ALPHA, on);
    addAll(asked, "AllBeta", BETA, on);
    for (String gate : asked.keySet()) {
      if (isKnown(gate)) {
        if (truth(asked, gate)) {
          on.add(gate);
        } else {
          on.remove(gate);
        }
      }
    }
    return on;
  }

  private static void addAll(Map<String, String> asked, String stage, Collection<String> gates, Set<String> on) {
    if (asked.containsKey(stage) && truth(asked, stage)) {
      on.addAll(gates);
    }
  }

  private static boolean truth(Map<String, String> asked, String gate) {
    return switch (asked.getOrDefault(gate, "")) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      case String other ->
          throw new ConfigException(
              "invalid argument \"" + gate + "=" + other + "\" for \"--feature-gates\" flag: invalid value of " + gate + "=" + other
                  + ", err: strconv.ParseBool: parsing \"" + other + "\": invalid syntax");
    };
  }

  /// Whether a gate, or a stage of gates, changes anything here.
  static boolean isKnown(String gate) {
    return ALPHA.contains(gate) || BETA.contains(gate);
  }

  static boolean isStage(String gate) {
    return gate.equals("AllAlpha") || gate.equals("AllBeta");
  }
}
