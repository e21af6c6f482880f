package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.admission.webhook.WebhookClient;
import io.thyra.model.Authorizer;
import io.thyra.model.ObjectValue;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ImagePolicyTest {
  private static final String POD =
      "{metadata: {name: p, annotations: {my.image-policy.k8s.io/ticket: '7', other: x}}, spec: {containers: [{name: c, image: good}]}}";

  private final List<ObjectValue> asked = new ArrayList<>();
  private final List<Duration> waited = new ArrayList<>();
  private String answer = "{allowed: true}";
  private boolean lenient;
  private Cluster cluster = start();

  private Cluster start() {
    WebhookClient client =
        (_, body, _) -> {
          asked.add(Cluster.json(body.toString()));
          return answer.isEmpty()
              ? Future.failedFuture(new WebhookClient.Unanswered("Post \"https://images\": EOF"))
              : Future.succeededFuture(ObjectValue.of("status", yaml(answer)));
        };
    var settings =
        new PluginConfiguration.Images(Path.of("/k"), Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMillis(500), lenient);
    var endpoint = new WebhookClient.Endpoint("https://images", Optional.empty(), "");
    return new Cluster(
        new Settings(List.of("ImagePolicyWebhook"), List.of()),
        _ -> Authorizer.Decision.NO_OPINION,
        registry -> Map.of("ImagePolicyWebhook", new ImagePolicy(settings, endpoint, client, registry.clock(), waited::add)));
  }

  private static ObjectValue yaml(String text) {
    return (ObjectValue) io.thyra.codec.YamlReader.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)).root();
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void asksAboutTheImagesOfAPodOnce() {
    cluster.create("pods", POD);
    cluster.create("pods", POD);
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().object("spec"))
        .isEqualTo(yaml("{containers: [{image: good}], annotations: {my.image-policy.k8s.io/ticket: '7'}, namespace: ns}"));
  }

  @Test
  void refusesWithTheReasonThatItIsTold() {
    answer = "{allowed: false, reason: too old, auditAnnotations: {why: age}}";
    assertThat(cluster.refusedCreate("pods", POD))
        .isEqualTo("pods \"p\" is forbidden: image policy webhook backend denied one or more images: too old");
    assertThat(cluster.annotations()).containsEntry("imagepolicywebhook.image-policy.k8s.io/why", "age");
  }

  @Test
  void refusesWithoutAnAnswerUnlessToldOtherwise() {
    answer = "";
    assertThat(cluster.refusedCreate("pods", POD)).isEqualTo("pods \"p\" is forbidden: Post \"https://images\": EOF");
    assertThat(waited).hasSize(4).startsWith(Duration.ofMillis(500), Duration.ofMillis(750));
    cluster.close();
    lenient = true;
    cluster = start();
    cluster.create("pods", POD);
    assertThat(cluster.annotations()).containsEntry("imagepolicywebhook.image-policy.k8s.io/failed-open", "true");
  }
}
