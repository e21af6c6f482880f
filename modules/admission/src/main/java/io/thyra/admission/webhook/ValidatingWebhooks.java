package io.thyra.admission.webhook;

import io.thyra.admission.Plugin;
import io.thyra.admission.RuleMatcher;
import io.thyra.model.ApiException;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plugin ValidatingAdmissionWebhook: all webhooks that match are asked at once, and each may refuse.
/// Source: apiserver pkg/admission/plugin/webhook/validating/dispatcher.go.
public final class ValidatingWebhooks implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(ValidatingWebhooks.class);

  private final WebhookSource source;
  private final WebhookMatcher matcher;
  private final WebhookClient client;

  public ValidatingWebhooks(Registry registry, WebhookClient client, MatchConditions conditions) {
    this.source = new WebhookSource(registry, "validatingwebhookconfigurations");
    this.matcher = new WebhookMatcher(registry, conditions);
    this.client = client;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return !RuleMatcher.isExempt(attributes);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    List<Webhook> webhooks = source.webhooks();
    if (webhooks.isEmpty()) {
      return;
    }
    // All are matched before the first is asked, as a failing condition asks nobody.
    record Asked(Webhook webhook, VersionedRequest versioned) {}
    var asked = new ArrayList<Asked>();
    for (Webhook webhook : webhooks) {
      matcher.match(webhook, attributes).ifPresent(versioned -> asked.add(new Asked(webhook, versioned)));
    }
    ApiException refused = null;
    var calls = new ArrayList<WebhookCall>();
    for (int i = 0; i < asked.size(); i++) {
      Asked each = asked.get(i);
      try {
        calls.add(new WebhookCall(client, each.webhook(), each.versioned(), false, i));
      } catch (ApiException e) {
        refused = refused == null ? e : refused;
      }
    }
    for (WebhookCall call : calls) {
      try {
        call.await();
      } catch (ApiException e) {
        refused = refused == null ? e : refused;
      } catch (CallFailure e) {
        if (call.webhook().ignoresFailures()) {
          LOG.warn("webhook failed, failing open; name={} reason={}", call.webhook().name(), e.getMessage());
          String key = "failed-open.validating.webhook.admission.k8s.io/round_0_index_" + call.index();
          attributes.context().audit(key, call.webhook().name());
        } else {
          refused = refused == null ? call.closed(e) : refused;
        }
      }
    }
    if (refused != null) {
      throw refused;
    }
  }
}
