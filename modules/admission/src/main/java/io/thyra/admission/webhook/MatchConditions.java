package io.thyra.admission.webhook;

import io.thyra.model.ObjectValue;
import java.util.List;

/// Evaluates the CEL expressions by which a webhook narrows what it is asked about. Safe for all threads.
public interface MatchConditions {
  /// Asks every webhook: who cannot evaluate its conditions must not leave it out.
  MatchConditions UNKNOWN = (_, _, _) -> new Outcome(true, "");

  /// @param error why the request is refused; empty for none
  record Outcome(boolean matches, String error) {}

  /// @param conditions the `matchConditions` of a webhook, at least one
  /// @param ignoresErrors whether a condition that fails leaves the webhook out, as its failurePolicy says
  /// @param versioned the request with its objects as the webhook would see them
  Outcome match(List<ObjectValue> conditions, boolean ignoresErrors, VersionedRequest versioned);
}
