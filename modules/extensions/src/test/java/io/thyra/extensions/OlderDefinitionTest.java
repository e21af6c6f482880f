package io.thyra.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OlderDefinitionTest {
  private final Struct v1 =
      Schemas.builtin().findKind(new GroupVersionKind("apiextensions.k8s.io", "v1", "CustomResourceDefinition")).orElseThrow();

  private static ObjectValue tree(String json) {
    return (ObjectValue) JsonReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /// What is read of a definition that a server stored in v1beta1.
  private ObjectValue read(String spec) {
    Struct older = OlderDefinition.type(v1);
    ObjectValue stored =
        tree("{'apiVersion':'apiextensions.k8s.io/v1beta1','kind':'CustomResourceDefinition','metadata':{'name':'as.b.c'},'spec':" + spec + "}");
    byte[] bytes = ProtobufWriter.write(stored, older);
    return OlderDefinition.toV1(ProtobufReader.read(ProtobufEnvelope.read(bytes), older), v1);
  }

  @Test
  void givesEachVersionWhatAllHaveInCommon() {
    ObjectValue read =
        read(
            "{'group':'b.c','version':'v1','scope':'Cluster','names':{'plural':'as','kind':'A'},"
                + "'validation':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':'object'}}}},'subresources':{'status':{}},"
                + "'additionalPrinterColumns':[{'name':'X','type':'string','jsonPath':'.spec.x'}],"
                + "'versions':[{'name':'v1','served':true,'storage':true},{'name':'v2','served':true,'storage':false}],'conversion':{'strategy':'None'}}");
    assertThat(read.string("apiVersion")).isEqualTo("apiextensions.k8s.io/v1");
    ObjectValue spec = read.object("spec");
    assertThat(spec.get("version")).isNull();
    assertThat(spec.get("validation")).isNull();
    assertThat(spec.list("versions").objects())
        .hasSize(2)
        .allSatisfy(
            version -> {
              assertThat(version.object("schema", "openAPIV3Schema").string("type")).isEqualTo("object");
              assertThat(version.object("subresources").get("status")).isNotNull();
              assertThat(version.list("additionalPrinterColumns").objects().getFirst().string("jsonPath")).isEqualTo(".spec.x");
            });
  }

  @Test
  void makesAVersionOfTheOneThatIsNamed() {
    ObjectValue spec = read("{'group':'b.c','version':'v1','scope':'Cluster','names':{'plural':'as','kind':'A'}}").object("spec");
    assertThat(spec.list("versions").objects()).singleElement().satisfies(version -> assertThat(version.string("name")).isEqualTo("v1"));
  }

  @Test
  void movesTheWebhookOfConversions() {
    ObjectValue conversion =
        read(
                "{'group':'b.c','scope':'Cluster','names':{'plural':'as','kind':'A'},'versions':[{'name':'v1','served':true,'storage':true}],"
                    + "'conversion':{'strategy':'Webhook','webhookClientConfig':{'url':'https://x'},'conversionReviewVersions':['v1']}}")
            .object("spec", "conversion");
    assertThat(conversion.string("strategy")).isEqualTo("Webhook");
    assertThat(conversion.object("webhook", "clientConfig").string("url")).isEqualTo("https://x");
    assertThat(conversion.object("webhook").list("conversionReviewVersions").strings()).containsExactly("v1");
  }
}
