package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConversionWebhookTest {
  private static final GroupVersionKind V2 = new GroupVersionKind("example.com", "v2", "Gadget");
  private static final ObjectValue OBJECT =
      json("{\"kind\":\"Gadget\",\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"a\",\"uid\":\"u\",\"generation\":3},\"spec\":{\"host\":\"h\"}}");

  private static ObjectValue json(String text) {
    return (ObjectValue) JsonReader.read(text);
  }

  private static ConversionWebhook webhook(ConversionClient client) {
    return new ConversionWebhook(client, json("{\"clientConfig\":{\"url\":\"https://x\"},\"conversionReviewVersions\":[\"v1\"]}"));
  }

  /// A webhook that answers each review with what is made of its object, in the wanted version.
  private static ConversionWebhook converting(UnaryOperator<ObjectValue> conversion) {
    return webhook(
        (_, body) -> {
          ObjectValue request = json(body.toString()).object("request");
          ObjectValue object = request.list("objects").object(0).with("apiVersion", request.string("desiredAPIVersion"));
          ObjectValue response =
              ObjectValue.builder()
                  .put("uid", request.string("uid"))
                  .put("result", ObjectValue.of("status", Value.of("Success")))
                  .put("convertedObjects", new ListValue(List.of(conversion.apply(object))))
                  .build();
          return Future.succeededFuture(
              ObjectValue.builder()
                  .put("kind", "ConversionReview")
                  .put("apiVersion", "apiextensions.k8s.io/v1")
                  .put("response", response)
                  .build());
        });
  }

  @Test
  void takesWhatTheWebhookMadeButForMostMetadata() {
    ObjectValue converted =
        converting(o -> o.withAt(Value.of(99), "metadata", "generation").withAt(Value.of("x"), "metadata", "labels", "by")).convert(OBJECT, V2);
    assertThat(converted.string("apiVersion")).isEqualTo("example.com/v2");
    assertThat(converted.object("metadata").integer(0, "generation")).isEqualTo(3);
    assertThat(converted.string("metadata", "labels", "by")).isEqualTo("x");
  }

  @Test
  void saysWhatIsWrongWithTheAnswer() {
    assertThatThrownBy(() -> converting(o -> o.withAt(Value.of("b"), "metadata", "name")).convert(OBJECT, V2))
        .hasMessage("conversion webhook for example.com/v1, Kind=Gadget returned invalid object: must have the same name: a != b");
    assertThatThrownBy(() -> converting(o -> o.with("kind", "Other")).convert(OBJECT, V2))
        .hasMessage(
            "conversion webhook for example.com/v1, Kind=Gadget returned invalid object at index 0: invalid kind (expected Gadget, received Other)");
    assertThatThrownBy(() -> converting(o -> o.withAt(Value.of("x"), "metadata", "labels", "bad key!")).convert(OBJECT, V2))
        .hasMessageStartingWith("conversion webhook for example.com/v1, Kind=Gadget returned invalid metadata: metadata.labels: Invalid value: \"bad key!\"");
    assertThatThrownBy(() -> webhook((_, _) -> Future.failedFuture("EOF")).convert(OBJECT, V2))
        .hasMessage("conversion webhook for example.com/v1, Kind=Gadget failed: EOF");
    assertThatThrownBy(() -> webhook((_, _) -> Future.succeededFuture(json("{\"kind\":\"ConversionReview\",\"apiVersion\":\"apiextensions.k8s.io/v1\"}"))).convert(OBJECT, V2))
        .hasMessage("conversion webhook for example.com/v1, Kind=Gadget failed: no response provided");
  }
}
