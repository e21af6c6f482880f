package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.admission.webhook.MatchConditions;
import io.thyra.admission.webhook.MutatingWebhooks;
import io.thyra.admission.webhook.ValidatingWebhooks;
import io.thyra.admission.webhook.WebhookClient;
import io.thyra.model.ApiException;
import io.thyra.model.Authorizer;
import io.thyra.model.ObjectValue;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhooksTest {
  private static final String POD = "{metadata: {name: p, namespace: ns}, spec: {containers: [{name: c, image: i}]}}";

  /// By URL, what a webhook answers to a request.
  private final Map<String, Function<ObjectValue, ObjectValue>> servers = new HashMap<>();

  private final List<String> asked = new ArrayList<>();
  private final WebhookClient client =
      (endpoint, body, _) -> {
        asked.add(endpoint.url());
        Function<ObjectValue, ObjectValue> server = servers.get(endpoint.url());
        return server == null
            ? Future.failedFuture(new WebhookClient.Unanswered("Post \"" + endpoint.url() + "\": EOF"))
            : Future.succeededFuture(server.apply(Cluster.json(body.toString()).object("request")));
      };
  private final Cluster cluster =
      new Cluster(
          Settings.DEFAULT,
          _ -> Authorizer.Decision.NO_OPINION,
          registry ->
              Map.of(
                  "MutatingAdmissionWebhook", new MutatingWebhooks(registry, client, MatchConditions.UNKNOWN),
                  "ValidatingAdmissionWebhook", new ValidatingWebhooks(registry, client, MatchConditions.UNKNOWN)));

  @AfterEach
  void close() {
    cluster.close();
  }

  private static ObjectValue answer(String response) {
    String review = "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"response\":" + response + "}";
    return Cluster.json(review);
  }

  private static Function<ObjectValue, ObjectValue> says(String response) {
    return request -> answer("{\"uid\":\"" + request.string("uid") + "\"," + response + "}");
  }

  private static Function<ObjectValue, ObjectValue> patches(String patch) {
    return says("\"allowed\":true,\"patchType\":\"JSONPatch\",\"patch\":\"" + base64(patch) + "\"");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hook(String name, String more) {
    return "{name: "
        + name
        + ".example.com, clientConfig: {url: 'https://"
        + name
        + "'}, admissionReviewVersions: [v1], sideEffects: None, rules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]"
        + more
        + "}";
  }

  private void configure(String sort, String name, String... hooks) {
    cluster.put(sort + "webhookconfigurations", "{metadata: {name: " + name + "}, webhooks: [" + String.join(", ", hooks) + "]}");
  }

  @Test
  void asksAWebhookAboutTheObjectAsItWillBeStored() {
    var requests = new ArrayList<ObjectValue>();
    servers.put(
        "https://v",
        request -> {
          requests.add(request);
          return says("\"allowed\":true,\"warnings\":[\"careful\"]").apply(request);
        });
    configure("validating", "c", hook("v", ""));
    cluster.create("pods", POD);
    assertThat(cluster.warnings()).containsExactly("careful");
    ObjectValue request = requests.getFirst();
    assertThat(request.string("operation")).isEqualTo("CREATE");
    assertThat(request.string("resource", "resource")).isEqualTo("pods");
    assertThat(request.string("object", "kind")).isEqualTo("Pod");
    assertThat(request.string("userInfo", "username")).isEqualTo("alice");
    assertThat(request.get("oldObject")).isEqualTo(io.thyra.model.NullValue.NULL);
  }

  @Test
  void tellsWhyAWebhookRefuses() {
    servers.put("https://v", says("\"allowed\":false,\"status\":{\"message\":\"taken\",\"reason\":\"Conflict\",\"code\":409}"));
    configure("validating", "c", hook("v", ""));
    ApiException refusal = Cluster.refusal(() -> cluster.create("pods", POD));
    assertThat(refusal.getMessage()).isEqualTo("admission webhook \"v.example.com\" denied the request: taken");
    assertThat(refusal.status().code()).isEqualTo(409);
  }

  @Test
  void stopsOrLetsThroughWhenAWebhookCannotBeAsked() {
    configure("validating", "a", hook("open", ", failurePolicy: Ignore"));
    cluster.create("pods", POD);
    configure("validating", "b", hook("closed", ""));
    assertThat(cluster.refusedCreate("pods", POD))
        .isEqualTo(
            "Internal error occurred: failed calling webhook \"closed.example.com\": failed to call webhook: Post \"https://closed\": EOF");
  }

  @Test
  void takesNoAnswerToAnotherQuestion() {
    servers.put("https://v", _ -> answer("{\"uid\":\"other\",\"allowed\":true}"));
    configure("validating", "c", hook("v", ""));
    assertThat(cluster.refusedCreate("pods", POD)).contains("received invalid webhook response: expected response.uid=\"").endsWith("got \"other\"");
  }

  @Test
  void appliesPatchesOneAfterTheOtherAndAsksAgainWhoWantsTo() {
    servers.put("https://first", patches("[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"a\":\"1\"}}]"));
    servers.put("https://second", patches("[{\"op\":\"add\",\"path\":\"/metadata/labels/b\",\"value\":\"2\"}]"));
    configure("mutating", "x", hook("first", ", reinvocationPolicy: IfNeeded"), hook("second", ""));
    ObjectValue pod = cluster.create("pods", POD);
    // Asked once more because the second changed the object, the first undoes that.
    assertThat(asked).containsExactly("https://first", "https://second", "https://first");
    assertThat(pod.object("metadata", "labels").strings()).containsExactly(Map.entry("a", "1"));
  }

  @Test
  void tellsWhyAPatchDoesNotApply() {
    servers.put("https://m", patches("[{\"op\":\"remove\",\"path\":\"/metadata/nothing\"}]"));
    configure("mutating", "x", hook("m", ""));
    assertThat(cluster.refusedCreate("pods", POD))
        .isEqualTo(
            "Internal error occurred: error in remove for path: '/metadata/nothing': Unable to remove nonexistent key: nothing: missing value");
  }

  @Test
  void takesNoPatchFromAWebhookThatOnlyLooks() {
    servers.put("https://v", patches("[]"));
    configure("validating", "c", hook("v", ""));
    assertThat(cluster.refusedCreate("pods", POD)).endsWith("received invalid webhook response: validating webhook may not return response.patch");
  }

  @Test
  void tellsTheAuditLogWhatMutatingWebhooksDid() {
    servers.put("https://m", patches("[{\"value\":{\"a\":\"b\"},\"path\":\"/metadata/labels\",\"op\":\"add\"}]"));
    configure("mutating", "c", hook("gone", ", failurePolicy: Ignore"), hook("m", ""));
    cluster.create("pods", POD);
    assertThat(cluster.annotations())
        .containsEntry("failed-open.mutation.webhook.admission.k8s.io/round_0_index_0", "gone.example.com")
        .containsEntry(
            "mutation.webhook.admission.k8s.io/round_0_index_0",
            "{\"configuration\":\"c\",\"webhook\":\"gone.example.com\",\"mutated\":false}")
        .containsEntry(
            "mutation.webhook.admission.k8s.io/round_0_index_1",
            "{\"configuration\":\"c\",\"webhook\":\"m.example.com\",\"mutated\":true}")
        .containsEntry(
            "patch.webhook.admission.k8s.io/round_0_index_1",
            "{\"configuration\":\"c\",\"webhook\":\"m.example.com\",\"patch\":[{\"op\":\"add\",\"path\":\"/metadata/labels\","
                + "\"value\":{\"a\":\"b\"}}],\"patchType\":\"JSONPatch\"}");
  }

  @Test
  void tellsTheAuditLogWhatValidatingWebhooksSay() {
    servers.put("https://v", says("\"allowed\":true,\"auditAnnotations\":{\"why\":\"because\",\"no key\":\"x\"}"));
    configure("validating", "c", hook("gone", ", failurePolicy: Ignore"), hook("v", ""));
    cluster.create("pods", POD);
    assertThat(cluster.annotations())
        .containsEntry("failed-open.validating.webhook.admission.k8s.io/round_0_index_0", "gone.example.com")
        .containsEntry("v.example.com/why", "because")
        .doesNotContainKey("v.example.com/no key");
  }
}
