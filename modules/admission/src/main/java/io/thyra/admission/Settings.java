package io.thyra.admission;

import java.util.List;
import java.util.Set;

/// How the plugins are chosen and told.
///
/// @param enabled plugins to run beside those that run anyway, by upstream's names
/// @param disabled plugins that do not run; one that is enabled too runs
/// @param notReadySeconds how long pods bear a node that is not ready
/// @param unreachableSeconds how long pods bear a node that is out of reach
/// @param configuration what the configuration file says of plugins
/// @param features the feature gates that are on beside those that are on by default, of which plugins know
///     `GenericWorkload`, `WorkloadWithJob`, `WorkloadAwarePreemption`, `ClusterTrustBundle` and `PodCertificateRequest`
public record Settings(
    List<String> enabled,
    List<String> disabled,
    long notReadySeconds,
    long unreachableSeconds,
    PluginConfiguration configuration,
    Set<String> features) {
  public static final Settings DEFAULT = new Settings(List.of(), List.of());

  public Settings(List<String> enabled, List<String> disabled) {
    this(enabled, disabled, 300, 300);
  }

  public Settings(List<String> enabled, List<String> disabled, long notReadySeconds, long unreachableSeconds) {
    this(enabled, disabled, notReadySeconds, unreachableSeconds, PluginConfiguration.NONE, Set.of());
  }

  public Settings {
    enabled = List.copyOf(enabled);
    disabled = List.copyOf(disabled);
    features = Set.copyOf(features);
  }
}
