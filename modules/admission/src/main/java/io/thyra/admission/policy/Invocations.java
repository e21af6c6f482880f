package io.thyra.admission.policy;

import io.thyra.admission.RuleMatcher;
import io.thyra.model.ApiException;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the two plugins have in common: which policies and bindings are about a request, and with which parameters.
/// Stateless; reads the registry. Source: apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go, policy_matcher.go.
final class Invocations {
  /// Told of what matches, and of what would but cannot be asked.
  interface Visitor {
    /// A binding that matches, with all its parameters, each of which is empty where there are none.
    void invoke(PolicyDefinition policy, ObjectValue binding, RuleMatcher.Match match, List<Optional<ObjectValue>> params);

    /// @param binding null when the policy itself is at fault
    void misconfigured(PolicyDefinition policy, @Nullable ObjectValue binding, String why);
  }

  private final RuleMatcher rules;
  private final Params params;

  Invocations(Registry registry) {
    this.rules = new RuleMatcher(registry);
    this.params = new Params(registry);
  }

  /// Whether no policy is asked about a request, because policies are what it is about.
  static boolean isExempt(AdmissionAttributes attributes) {
    return attributes.kind().group().equals("admissionregistration.k8s.io") && attributes.kind().kind().contains("AdmissionPolicy");
  }

  void visit(List<PolicySource.Bound<PolicyDefinition>> policies, AdmissionAttributes attributes, Visitor visitor) {
    for (PolicySource.Bound<PolicyDefinition> bound : policies) {
      PolicyDefinition policy = bound.policy();
      Optional<RuleMatcher.Match> match;
      try {
        match = rules.match(policy.constraints(), attributes);
      } catch (ApiException e) {
        visitor.misconfigured(policy, null, "failed to configure policy: " + e.status().message());
        continue;
      }
      if (match.isEmpty()) {
        continue;
      }
      Optional<Params.Source> source;
      try {
        source = policy.paramKind().isEmpty() ? Optional.empty() : Optional.of(params.source(policy.paramKind()));
      } catch (Params.Unavailable e) {
        visitor.misconfigured(policy, null, "failed to configure policy: " + e.getMessage());
        continue;
      }
      for (ObjectValue binding : bound.bindings()) {
        visit(policy, binding, match.get(), source, attributes, visitor);
      }
    }
  }

  private void visit(
      PolicyDefinition policy,
      ObjectValue binding,
      RuleMatcher.Match match,
      Optional<Params.Source> source,
      AdmissionAttributes attributes,
      Visitor visitor) {
    try {
      boolean matches =
          !(binding.at("spec", "matchResources") instanceof ObjectValue resources) || rules.match(resources, attributes).isPresent();
      if (matches) {
        visitor.invoke(policy, binding, match, params.collect(source, binding, attributes.namespace()));
      }
    } catch (ApiException e) {
      visitor.misconfigured(policy, binding, "failed to configure binding: " + e.status().message());
    } catch (Params.Unavailable e) {
      visitor.misconfigured(policy, binding, "failed to configure binding: " + e.getMessage());
    }
  }

  /// The namespace of a request as expressions see it; null for what lies outside of namespaces, and for namespaces themselves.
  ///
  /// @throws ApiException 404 when it is not there
  @Nullable ObjectValue namespace(AdmissionAttributes attributes) {
    boolean none = attributes.namespace().isEmpty() || attributes.kind().kind().equals("Namespace") && attributes.kind().group().isEmpty();
    return none ? null : rules.namespace(attributes);
  }
}
