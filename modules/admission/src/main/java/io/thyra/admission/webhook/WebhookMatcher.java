package io.thyra.admission.webhook;

import io.thyra.admission.RuleMatcher;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.Optional;

/// Whether a webhook is asked about a request: selectors, rules, conditions.
/// Source: apiserver pkg/admission/plugin/webhook/generic/webhook.go.
final class WebhookMatcher {
  private final RuleMatcher rules;
  private final ObjectVersions versions;
  private final MatchConditions conditions;

  WebhookMatcher(Registry registry, MatchConditions conditions) {
    this.rules = new RuleMatcher(registry);
    this.versions = new ObjectVersions(registry);
    this.conditions = conditions;
  }

  ObjectVersions versions() {
    return versions;
  }

  /// The request as the webhook is told of it; empty when it is not asked.
  ///
  /// @throws ApiException 404 for a request in a namespace that is not there, 403 when a condition fails
  Optional<VersionedRequest> match(Webhook webhook, AdmissionAttributes attributes) {
    ApiException problem = null;
    try {
      if (!rules.matchesNamespace(webhook.namespaceSelector(), attributes)) {
        return Optional.empty();
      }
    } catch (ApiException e) {
      problem = e;
    }
    if (!RuleMatcher.matchesObject(webhook.objectSelector(), attributes)) {
      return Optional.empty();
    }
    Optional<RuleMatcher.Match> match = rules.matchRules(webhook.rules(), webhook.equivalent(), attributes);
    if (match.isEmpty()) {
      return Optional.empty();
    }
    if (problem != null) {
      throw problem;
    }
    VersionedRequest versioned = versions.of(attributes, match.get());
    if (webhook.matchConditions().isEmpty()) {
      return Optional.of(versioned);
    }
    MatchConditions.Outcome outcome = conditions.match(webhook.matchConditions(), webhook.ignoresFailures(), versioned);
    if (!outcome.error().isEmpty()) {
      throw new Failure.Forbidden(attributes.resource().groupResource(), attributes.name(), outcome.error()).toException();
    }
    return outcome.matches() ? Optional.of(versioned) : Optional.empty();
  }
}
