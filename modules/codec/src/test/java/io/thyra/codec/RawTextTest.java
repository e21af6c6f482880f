package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What has no type is kept as text by upstream, and space between its tokens makes it another text.
class RawTextTest {
  private static final Struct TYPE = Schemas.builtin().findKind(new GroupVersionKind("apps", "v1", "ControllerRevision")).orElseThrow();

  private static ObjectValue decoded(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return Canonical.decode(JsonReader.parse(bytes), TYPE).object();
  }

  @Test
  void spaceMakesAnotherText() {
    ObjectValue spaced = decoded("{'data': {'a': [1, 2]}, 'revision': 1}");
    ObjectValue dense = decoded("{'data':{'a':[1,2]},'revision':1}\n");
    assertThat(spaced).isNotEqualTo(dense).isEqualTo(decoded("{'data':{'a': [1,2]},'revision':1}"));
    assertThat(spaced.object("data").with("a", 1)).isEqualTo(dense.object("data").with("a", 1));
    assertThat(JsonWriter.write(spaced)).isEqualTo(JsonWriter.write(dense));
  }

  @Test
  void protobufKeepsTheSpace() {
    for (String json : new String[] {"{'data': {'a': 1}, 'revision': 1}", "{'data':{'a':1},'revision':1}"}) {
      ObjectValue object = decoded(json).with("kind", "ControllerRevision").with("apiVersion", "apps/v1");
      ObjectValue back = ProtobufReader.read(ProtobufEnvelope.read(ProtobufWriter.write(object, TYPE)), TYPE);
      assertThat(back.object("data")).isEqualTo(object.object("data"));
    }
  }

  @Test
  void denseTextsHaveNoneAnywhere() {
    ObjectValue spaced = decoded("{'data': {'a': 1}, 'revision': 1}");
    assertThat(spaced.dense()).isNotSameAs(spaced).isEqualTo(decoded("{'data':{'a':1},'revision':1}"));
    ObjectValue dense = spaced.dense();
    assertThat(dense.dense()).isSameAs(dense);
  }
}
