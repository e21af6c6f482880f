package io.thyra.admission;

import io.thyra.admission.webhook.WebhookClient;
import io.thyra.codec.JsonWriter;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The plugin ImagePolicyWebhook: a server is asked about the images of pods, and its answers are kept for a while. Safe for many
/// threads, which may wait; the kept answers are guarded by themselves.
/// Source: plugin/pkg/admission/imagepolicy/admission.go.
public final class ImagePolicy implements Plugin {
  private static final String AUDIT = "imagepolicywebhook.image-policy.k8s.io/";
  private static final String OWN_ANNOTATIONS = ".image-policy.k8s.io/";
  private static final int ANSWERS_MAX = 1024;
  private static final int TRIES_MAX = 5;
  private static final double GROWTH = 1.5;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private record Kept(ObjectValue status, Instant end) {}

  private final PluginConfiguration.Images settings;
  private final WebhookClient.Endpoint endpoint;
  private final WebhookClient client;
  private final Clock clock;
  private final Consumer<Duration> pause;
  // By what was asked, the least recently used first.
  private final Map<String, Kept> answers = new LinkedHashMap<>(16, 0.75f, true);

  /// @param pause waits before the server is asked again
  public ImagePolicy(
      PluginConfiguration.Images settings,
      WebhookClient.Endpoint endpoint,
      WebhookClient client,
      Clock clock,
      Consumer<Duration> pause) {
    this.settings = settings;
    this.endpoint = endpoint;
    this.client = client;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes)
        && Resources.is(attributes, Resources.PODS)
        && List.of("", "ephemeralcontainers").contains(attributes.subresource());
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue spec = question(attributes);
    ObjectValue status;
    try {
      status = answer(spec);
    } catch (Unanswered e) {
      if (!settings.allowsFailures()) {
        throw Refusal.forbidden(attributes, e.getMessage());
      }
      attributes.context().audit(AUDIT + "failed-open", "true");
      return;
    }
    status.object("auditAnnotations").strings().forEach((key, value) -> attributes.context().audit(AUDIT + key, value));
    if (!status.bool("allowed")) {
      String reason = status.string("reason");
      throw Refusal.forbidden(
          attributes,
          reason.isEmpty()
              ? "one or more images rejected by webhook backend"
              : "image policy webhook backend denied one or more images: " + reason);
    }
  }

  private static ObjectValue question(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    Stream<String> lists =
        attributes.subresource().isEmpty() ? Stream.of("containers", "initContainers") : Stream.of("ephemeralContainers");
    List<Value> images =
        lists
            .flatMap(list -> pod.list("spec", list).objects().stream())
            .map(container -> container.string("image"))
            .<Value>map(image -> image.isEmpty() ? ObjectValue.EMPTY : ObjectValue.builder().put("image", image).build())
            .toList();
    var annotations = new TreeMap<String, String>();
    pod.object("metadata", "annotations")
        .strings()
        .forEach(
            (key, value) -> {
              if (key.contains(OWN_ANNOTATIONS)) {
                annotations.put(key, value);
              }
            });
    ObjectValue.Builder spec = ObjectValue.builder();
    if (!images.isEmpty()) {
      spec.put("containers", new ListValue(images));
    }
    if (!annotations.isEmpty()) {
      spec.put("annotations", ObjectValue.ofStrings(annotations));
    }
    return attributes.namespace().isEmpty() ? spec.build() : spec.put("namespace", attributes.namespace()).build();
  }

  /// There is no answer, or none that could be read.
  private static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    Unanswered(Throwable cause) {
      super(cause.getMessage(), null, false, false);
    }
  }

  private ObjectValue answer(ObjectValue spec) throws Unanswered {
    String key = new String(JsonWriter.write(spec), StandardCharsets.UTF_8);
    Instant now = clock.instant();
    synchronized (answers) {
      Kept kept = answers.get(key);
      if (kept != null && now.isBefore(kept.end())) {
        return kept.status();
      }
    }
    ObjectValue status = ask(spec).object("status");
    Duration life = status.bool("allowed") ? settings.allowedFor() : settings.deniedFor();
    synchronized (answers) {
      answers.put(key, new Kept(status, now.plus(life)));
      if (answers.size() > ANSWERS_MAX) {
        answers.remove(answers.keySet().iterator().next());
      }
    }
    return status;
  }

  private ObjectValue ask(ObjectValue spec) throws Unanswered {
    ObjectValue review =
        ObjectValue.builder()
            .put("kind", "ImageReview")
            .put("apiVersion", "imagepolicy.k8s.io/v1alpha1")
            .put("metadata", ObjectValue.EMPTY)
            .put("spec", spec)
            .put("status", ObjectValue.builder().put("allowed", false).build())
            .build();
    Buffer body = Buffer.buffer(JsonWriter.write(review));
    Duration wait = settings.retryAfter();
    for (int i = 1; ; i++) {
      AsyncResult<ObjectValue> settled = client.post(endpoint, body, TIMEOUT).transform(Future::succeededFuture).await();
      if (settled.succeeded()) {
        return settled.result();
      }
      if (i == TRIES_MAX || settled.cause() instanceof WebhookClient.Unusable) {
        throw new Unanswered(settled.cause());
      }
      pause.accept(wait);
      wait = Duration.ofNanos((long) (wait.toNanos() * GROWTH));
    }
  }
}
