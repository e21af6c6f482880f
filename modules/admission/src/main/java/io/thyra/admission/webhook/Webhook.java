package io.thyra.admission.webhook;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One webhook of a configuration.
///
/// @param uid tells it from all others, also from those of the same name
/// @param equivalent whether rules also mean other versions of their resources
/// @param ignoresFailures whether a webhook that cannot be asked lets requests through
/// @param sideEffects in upstream's words; empty when it does not say
/// @param reviewVersions the versions of AdmissionReview that it takes, the preferred ones first
/// @param reinvocable whether it wants to see what others changed after it
record Webhook(
    String uid,
    String configuration,
    String name,
    WebhookClient.Endpoint endpoint,
    List<ObjectValue> rules,
    @Nullable Value namespaceSelector,
    @Nullable Value objectSelector,
    List<ObjectValue> matchConditions,
    boolean equivalent,
    boolean ignoresFailures,
    String sideEffects,
    Duration timeout,
    List<String> reviewVersions,
    boolean reinvocable) {
  private static final int DEFAULT_SECONDS = 10;

  Webhook {
    rules = List.copyOf(rules);
    matchConditions = List.copyOf(matchConditions);
    reviewVersions = List.copyOf(reviewVersions);
  }

  /// The webhooks of a configuration in admissionregistration.k8s.io/v1, in its order.
  static List<Webhook> ofConfiguration(ObjectValue configuration) {
    String name = configuration.string("metadata", "name");
    Map<String, Integer> seen = new HashMap<>();
    var found = new ArrayList<Webhook>();
    for (ObjectValue webhook : configuration.list("webhooks").objects()) {
      int number = seen.merge(webhook.string("name"), 1, Integer::sum) - 1;
      found.add(of(name, webhook, number));
    }
    return found;
  }

  private static Webhook of(String configuration, ObjectValue webhook, int number) {
    String name = webhook.string("name");
    return new Webhook(
        configuration + "/" + name + "/" + number,
        configuration,
        name,
        WebhookClient.Endpoint.of(webhook.object("clientConfig")),
        webhook.list("rules").objects(),
        webhook.get("namespaceSelector"),
        webhook.get("objectSelector"),
        webhook.list("matchConditions").objects(),
        webhook.string("matchPolicy").equals("Equivalent"),
        webhook.string("failurePolicy").equals("Ignore"),
        webhook.string("sideEffects"),
        Duration.ofSeconds(webhook.integer(DEFAULT_SECONDS, "timeoutSeconds")),
        webhook.list("admissionReviewVersions").strings(),
        webhook.string("reinvocationPolicy").equals("IfNeeded"));
  }

  /// Whether it can be asked about requests that change nothing.
  boolean bearsDryRun() {
    return sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun");
  }
}
