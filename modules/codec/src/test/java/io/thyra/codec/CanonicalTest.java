package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CanonicalTest {
  private static final String ZERO = "{\"metadata\":{},\"spec\":{\"items\":null},\"status\":{}}";

  @Test
  void addsTheZeroValuesThatAreNeverLeftOut() {
    assertThat(canonical("{}")).isEqualTo(ZERO);
    assertThat(canonical("null")).isEqualTo(ZERO);
    assertThat(canonical("{\"spec\":{\"items\":[{}]}}"))
        .isEqualTo("{\"metadata\":{},\"spec\":{\"items\":[{\"name\":\"\",\"port\":0}]},\"status\":{}}");
  }

  @Test
  void putsFieldsInSchemaOrderAndDropsEmptyOnes() {
    assertThat(canonical("{\"status\":{\"ready\":false,\"phase\":\"\"},\"spec\":{\"args\":[],\"replicas\":0},\"apiVersion\":\"v1\",\"kind\":\"Thing\"}"))
        .isEqualTo(
            "{\"kind\":\"Thing\",\"apiVersion\":\"v1\",\"metadata\":{},\"spec\":{\"replicas\":0,\"items\":null},\"status\":{}}");
  }

  @Test
  void remembersWhatWasSentEmptyUntilItIsStored() {
    ObjectValue object = decode("{\"metadata\":{\"labels\":{}},\"spec\":{\"args\":[],\"replicas\":0}}").object();
    assertThat(object.object("spec").saidEmpty("args")).isTrue();
    assertThat(object.object("spec").saidEmpty("replicas")).isFalse();
    assertThat(object.object("metadata").saidEmpty("labels")).isTrue();
    assertThat(object).isEqualTo(decode("{\"spec\":{\"replicas\":0}}").object());
    ObjectValue changed = object.change("spec", spec -> spec.with("replicas", 2));
    assertThat(Canonical.complete(changed, Types.THING, object).object("spec").saidEmpty("args")).isTrue();
    ObjectValue filled = object.change("spec", spec -> spec.with("args", io.thyra.model.ListValue.ofStrings(java.util.List.of("a"))));
    assertThat(filled.object("spec").saidEmpty("args")).isFalse();
    assertThat(object.object("spec").without("args").saidEmpty("args")).isFalse();
    assertThat(object.object("spec").toBuilder().put("replicas", 1).build().saidEmpty("args")).isTrue();
  }

  @Test
  void sortsMapsAndCanonicalisesScalars() {
    assertThat(canonical("{\"metadata\":{\"created\":\"2024-01-02T03:04:05.9+02:00\",\"labels\":{\"b\":\"1\",\"a\":\"2\"}},"
            + "\"spec\":{\"items\":[{\"limits\":{\"memory\":\"0.5Gi\",\"cpu\":1.5},\"path\":\"/x\"}],\"every\":\"90m\",\"weight\":2.0}}"))
        .isEqualTo("{\"metadata\":{\"created\":\"2024-01-02T01:04:05Z\",\"labels\":{\"a\":\"2\",\"b\":\"1\"}},"
            + "\"spec\":{\"items\":[{\"name\":\"\",\"path\":\"/x\",\"limits\":{\"cpu\":\"1500m\",\"memory\":\"512Mi\"},\"port\":0}],"
            + "\"every\":\"1h30m0s\",\"weight\":2},\"status\":{}}");
  }

  @Test
  void leavesCanonicalTreesAlone() {
    ObjectValue once = Canonical.complete(JsonReader.read("{\"spec\":{\"items\":[{\"limits\":{\"a\":\"1000m\"}}],\"data\":{\"k\":null}}}"), Types.THING);
    assertThat(Canonical.complete(once, Types.THING)).isSameAs(once);
  }

  @Test
  void keepsWhatATreeSharesWithTheCanonicalOneThatItWasMadeOf() {
    ObjectValue known = Canonical.complete(JsonReader.read("{\"spec\":{\"items\":[{\"name\":\"a\"}]},\"status\":{\"phase\":\"A\"}}"), Types.THING);
    ObjectValue changed = known.with("status", (ObjectValue) JsonReader.read("{\"ready\":true,\"phase\":\"\"}"));
    ObjectValue canonical = Canonical.complete(changed, Types.THING, known);
    assertThat(canonical).isEqualTo(Canonical.complete(changed, Types.THING));
    assertThat(canonical.get("spec")).isSameAs(known.get("spec"));
    assertThat(canonical.object("status").names()).containsExactly("ready");
  }

  @Test
  void reportsUnknownAndRepeatedFieldsInDocumentOrder() {
    Decoded decoded = decode("{\"spec\":{\"items\":[{\"nam\":1}],\"replicas\":1,\"replicas\":2},\"metadata\":{\"labels\":{\"a\":\"1\",\"a\":\"2\"}},\"Spec\":{}}");
    assertThat(decoded.strictErrors())
        .containsExactly(
            "unknown field \"spec.items[0].nam\"",
            "duplicate field \"spec.replicas\"",
            "duplicate field \"metadata.labels.a\"",
            "unknown field \"Spec\"");
    assertThat(decoded.object().at("spec", "replicas")).hasToString("2");
  }

  @Test
  void addsUpRepeatedStructs() {
    assertThat(canonical("{\"status\":{\"phase\":\"A\"},\"status\":{\"ready\":true}}"))
        .contains("\"status\":{\"phase\":\"A\",\"ready\":true}");
  }

  @Test
  void tellsTypeErrorsInGoWords() {
    assertError("{\"spec\":{\"replicas\":\"1\"}}", "json: cannot unmarshal string into Go struct field ThingSpec.spec.replicas of type int32");
    assertError("{\"spec\":{\"replicas\":1.5}}", "json: cannot unmarshal number 1.5 into Go struct field ThingSpec.spec.replicas of type int32");
    assertError("{\"spec\":{\"replicas\":3000000000}}", "json: cannot unmarshal number 3000000000 into Go struct field ThingSpec.spec.replicas of type int32");
    assertError("{\"spec\":{\"items\":{}}}", "json: cannot unmarshal object into Go struct field ThingSpec.spec.items of type []v1.Item");
    assertError("{\"spec\":{\"items\":[1]}}", "json: cannot unmarshal number into Go struct field ThingSpec.spec.items of type v1.Item");
    assertError("{\"spec\":{\"items\":[{\"port\":true}]}}", "json: cannot unmarshal bool into Go struct field Item.spec.items.port of type int32");
    assertError("{\"metadata\":{\"labels\":{\"a\":1}}}", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string");
    assertError("{\"metadata\":1}", "json: cannot unmarshal number into Go struct field Thing.metadata of type v1.ObjectMeta");
    assertError("{\"spec\":{\"items\":[{\"path\":1}]}}", "json: cannot unmarshal number into Go struct field Item.spec.items.VolumeSource.path of type string");
    assertError("[]", "json: cannot unmarshal array into Go value of type v1.Thing");
  }

  @Test
  void tellsErrorsOfTypesThatDecodeThemselvesFirst() {
    assertError("{\"spec\":{\"replicas\":\"1\",\"items\":[{\"limits\":{\"cpu\":\"x\"}}]}}",
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
    assertError("{\"metadata\":{\"created\":\"soon\"}}", "parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\"");
    assertError("{\"spec\":{\"at\":\"2024-01-02T03:04:05Z\"}}",
        "parsing time \"2024-01-02T03:04:05Z\" as \"2006-01-02T15:04:05.000000Z07:00\": cannot parse \"Z\" as \".000000\"");
    assertError("{\"spec\":{\"every\":\"1y\"}}", "time: unknown unit \"y\" in duration \"1y\"");
    assertError("{\"spec\":{\"data\":{\"k\":\"!\"}}}", "illegal base64 data at input byte 0");
  }

  @Test
  void survivesBodiesOfManyNames() {
    var json = new StringBuilder("{\"metadata\":{\"labels\":{");
    for (int i = 0; i < 1000; i++) {
      json.append(i == 0 ? "" : ",").append("\"l").append(i).append("\":\"v\"");
    }
    Decoded decoded = decode(json.append("}}}").toString());
    assertThat(decoded.object().object("metadata", "labels").size()).isEqualTo(1000);
  }

  private static void assertError(String json, String message) {
    assertThatThrownBy(() -> decode(json)).isInstanceOf(DecodeException.class).hasMessage(message);
  }

  private static String canonical(String json) {
    return new String(JsonWriter.write(decode(json).object()), StandardCharsets.UTF_8);
  }

  private static Decoded decode(String json) {
    return Canonical.decode(JsonReader.parse(json.getBytes(StandardCharsets.UTF_8)), Types.THING);
  }
}
