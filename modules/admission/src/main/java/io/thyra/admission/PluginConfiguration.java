package io.thyra.admission;

import io.thyra.admission.SecurityLevel.Policy;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What plugins are told by the file of `--admission-control-config-file`; see [PluginConfigurationFile].
///
/// @param eventLimits what EventRateLimit holds events to
/// @param limitedResources what ResourceQuota lets nobody use without a quota that covers it
/// @param nodeSelectors label selectors of PodNodeSelector, by namespace, and `clusterDefaultNodeSelector`
/// @param tolerations what PodTolerationRestriction gives pods and allows them where their namespace says nothing
/// @param podSecurity the levels of namespaces that ask for none, and who is exempt
/// @param mutatingWebhooks credentials for mutating webhooks; empty for none
/// @param validatingWebhooks credentials for validating webhooks; empty for none
/// @param images whom ImagePolicyWebhook asks; empty where that is not said
public record PluginConfiguration(
    List<EventLimit> eventLimits,
    List<LimitedResource> limitedResources,
    Map<String, String> nodeSelectors,
    Tolerated tolerations,
    Security podSecurity,
    Optional<Path> mutatingWebhooks,
    Optional<Path> validatingWebhooks,
    Optional<Images> images) {
  public static final PluginConfiguration NONE =
      new PluginConfiguration(
          List.of(), List.of(), Map.of(), new Tolerated(ListValue.EMPTY, ListValue.EMPTY), Security.NONE, Optional.empty(), Optional.empty(),
          Optional.empty());

  /// A resource that must be covered by a quota.
  ///
  /// @param contains parts of the names of what objects use
  record LimitedResource(String group, String resource, List<String> contains, List<QuotaScopes.Scope> scopes) {
    LimitedResource {
      contains = List.copyOf(contains);
      scopes = List.copyOf(scopes);
    }
  }

  /// Whom ImagePolicyWebhook asks, and how.
  ///
  /// @param server a kubeconfig
  /// @param allowedFor how long a permission holds
  /// @param deniedFor how long a refusal holds
  /// @param retryAfter how long to wait before a second question
  /// @param allowsFailures whether pods pass when there is no answer
  public record Images(Path server, Duration allowedFor, Duration deniedFor, Duration retryAfter, boolean allowsFailures) {}

  /// Tolerations as pods have them.
  record Tolerated(ListValue defaults, ListValue allowed) {}

  /// The cluster's own policy of pod security.
  record Security(Policy defaults, List<String> namespaces, List<String> runtimeClasses, List<String> users) {
    static final Security NONE = new Security(Policy.DEFAULT, List.of(), List.of(), List.of());

    Security {
      namespaces = List.copyOf(namespaces);
      runtimeClasses = List.copyOf(runtimeClasses);
      users = List.copyOf(users);
    }

    boolean exempts(ObjectValue podSpec) {
      return podSpec.has("runtimeClassName") && runtimeClasses.contains(podSpec.string("runtimeClassName"));
    }
  }

  public PluginConfiguration {
    eventLimits = List.copyOf(eventLimits);
    limitedResources = List.copyOf(limitedResources);
    nodeSelectors = Map.copyOf(nodeSelectors);
  }

  PluginConfiguration withEventLimits(List<EventLimit> limits) {
    return new PluginConfiguration(
        limits, limitedResources, nodeSelectors, tolerations, podSecurity, mutatingWebhooks, validatingWebhooks, images);
  }
}
