package io.thyra.admission.policy;

import io.thyra.admission.webhook.MatchConditions;
import io.thyra.admission.webhook.VersionedRequest;
import io.thyra.model.Authorizer;
import io.thyra.model.ObjectValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Evaluates the match conditions of webhooks. The last ones are kept compiled; safe for many threads.
public final class WebhookConditions implements MatchConditions {
  private static final int KEPT_MAX = 1000;

  private final Authorizer authorizer;
  private final Map<List<ObjectValue>, Conditions> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<ObjectValue>, Conditions> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /// @param authorizer answers what expressions ask about rights
  public WebhookConditions(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  @Override
  public Outcome match(List<ObjectValue> conditions, boolean ignoresErrors, VersionedRequest versioned) {
    Conditions compiled;
    synchronized (kept) {
      compiled = kept.computeIfAbsent(conditions, c -> Conditions.of(c, false));
    }
    Conditions.Outcome outcome = compiled.match(new PolicyInput(versioned, null, null, authorizer), ignoresErrors);
    return new Outcome(outcome.matches(), outcome.error());
  }
}
