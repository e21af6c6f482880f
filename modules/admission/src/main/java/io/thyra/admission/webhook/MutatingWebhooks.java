package io.thyra.admission.webhook;

import io.thyra.admission.Plugin;
import io.thyra.admission.Reinvocation;
import io.thyra.admission.Rounds;
import io.thyra.admission.RuleMatcher;
import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.machinery.JsonPatch;
import io.thyra.model.ApiException;
import io.thyra.model.AuditAnnotation;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The plugin MutatingAdmissionWebhook: the webhooks that match are asked one after the other, each about the object as the
/// one before left it. Those that want to are asked once more when others changed the object after them.
/// Source: apiserver pkg/admission/plugin/webhook/mutating/dispatcher.go, reinvocationcontext.go.
public final class MutatingWebhooks implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(MutatingWebhooks.class);

  private static final String MUTATION = "mutation.webhook.admission.k8s.io/";

  private final WebhookSource source;
  private final WebhookMatcher matcher;
  private final WebhookClient client;

  public MutatingWebhooks(Registry registry, WebhookClient client, MatchConditions conditions) {
    this.source = new WebhookSource(registry, "mutatingwebhookconfigurations");
    this.matcher = new WebhookMatcher(registry, conditions);
    this.client = client;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return !RuleMatcher.isExempt(attributes);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes, Reinvocation reinvocation) {
    List<Webhook> webhooks = source.webhooks();
    if (webhooks.isEmpty()) {
      return attributes;
    }
    Rounds rounds = reinvocation.rounds(MutatingWebhooks.class);
    rounds.begin(attributes);
    AdmissionAttributes told = attributes;
    for (int i = 0; i < webhooks.size(); i++) {
      Webhook webhook = webhooks.get(i);
      Optional<VersionedRequest> versioned = matcher.match(webhook, told);
      if (versioned.isEmpty() || !rounds.asks(webhook.uid())) {
        continue;
      }
      String turn = "round_" + (reinvocation.isSecondRound() ? 1 : 0) + "_index_" + i;
      AdmissionAttributes changed = ask(webhook, versioned.get(), i, turn);
      if (changed != told) {
        rounds.changed();
        told = changed;
      }
      if (webhook.reinvocable()) {
        rounds.note(webhook.uid());
      }
    }
    rounds.end(told);
    return told;
  }

  /// The attributes with the object as the webhook wants it; the same instance when it changes nothing.
  ///
  /// @param turn how the audit log calls this one of the questions about the request
  private AdmissionAttributes ask(Webhook webhook, VersionedRequest versioned, int index, String turn) {
    AdmissionAttributes attributes = versioned.attributes();
    RequestContext context = attributes.context();
    AdmissionAttributes changed = attributes;
    try {
      var call = new WebhookCall(client, webhook, versioned, true, index);
      try {
        ReviewResponse response = call.await();
        changed = response.patch().length == 0 ? attributes : patched(webhook, versioned, response, turn);
      } catch (CallFailure e) {
        if (!webhook.ignoresFailures()) {
          throw call.closed(e);
        }
        LOG.warn("webhook failed, failing open; name={} reason={}", webhook.name(), e.getMessage());
        context.audit("failed-open." + MUTATION + turn, webhook.name());
      }
      return changed;
    } finally {
      context.audit(MUTATION + turn, text(named(webhook).put("mutated", changed != attributes).build()));
    }
  }

  private static ObjectValue.Builder named(Webhook webhook) {
    return ObjectValue.builder().put("configuration", webhook.configuration()).put("webhook", webhook.name());
  }

  private static String text(ObjectValue object) {
    return new String(JsonWriter.write(object), StandardCharsets.UTF_8);
  }

  private AdmissionAttributes patched(Webhook webhook, VersionedRequest versioned, ReviewResponse response, String turn) throws CallFailure {
    AdmissionAttributes attributes = versioned.attributes();
    Value patch = decode(response);
    if (JsonPatch.count(patch) == 0) {
      return attributes;
    }
    if (versioned.object().isEmpty()) {
      throw internal(
          "admission webhook " + GoText.quote(webhook.name()) + " attempted to modify the object, which is not supported for this operation");
    }
    if (!response.patchType().equals("JSONPatch")) {
      throw new CallFailure("unsupported patch type " + GoText.quote(response.patchType()));
    }
    ObjectValue before = versioned.object().get();
    Value after = JsonPatch.apply(before, patch, MutatingWebhooks::internal);
    // With the names of each operation sorted, as Go writes a map.
    Value sorted = new ListValue(((ListValue) patch).objects().stream().<Value>map(MutatingWebhooks::sorted).toList());
    ObjectValue told = named(webhook).put("patch", sorted).put("patchType", "JSONPatch").build();
    attributes.context().audit(new AuditAnnotation("patch.webhook.admission.k8s.io/" + turn, text(told), true));
    if (after.equals(before)) {
      return attributes;
    }
    try {
      ObjectValue object = matcher.versions().back(versioned.match(), after);
      AdmissionAttributes changed = attributes.withObject(object);
      return matcher.versions().of(changed, versioned.match()).object().equals(versioned.object()) ? attributes : changed;
    } catch (DecodeException e) {
      throw internal(e.text());
    }
  }

  private static ObjectValue sorted(ObjectValue operation) {
    ObjectValue.Builder sorted = ObjectValue.builder();
    operation.forEach(sorted::put);
    return sorted.buildSorted();
  }

  private static Value decode(ReviewResponse response) throws CallFailure {
    try {
      Value patch = JsonReader.read(response.patch());
      JsonPatch.count(patch);
      return patch;
    } catch (DecodeException e) {
      throw new CallFailure("received undecodable patch in webhook response: " + e.text());
    } catch (ApiException e) {
      throw new CallFailure("received undecodable patch in webhook response: " + e.getMessage());
    }
  }

  private static RuntimeException internal(String why) {
    return new Failure.Internal(why).toException();
  }
}
