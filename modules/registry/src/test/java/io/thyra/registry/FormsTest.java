package io.thyra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.cache.CachedObject;
import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufWriter;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import io.thyra.storage.testkit.Await;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is printed of stored bytes is what the tree of the object prints, whoever stored it and in which version.
class FormsTest {
  private static final GroupVersionKind V1 = new GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler");
  private static final GroupVersionKind V2 = new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");
  private static final String KEY = "/registry/horizontalpodautoscalers/ns/a";

  private final Fixture fixture = new Fixture();
  private ResourceStore store;

  @BeforeEach
  void serve() {
    UnaryOperator<ObjectValue> toHub = object -> object.with("spec", object.object("spec").without("targetCPUUtilizationPercentage"));
    ResourceDefinition definition =
        ResourceDefinition.builder(new GroupResource("autoscaling", "horizontalpodautoscalers"))
            .storedUnder("/registry/horizontalpodautoscalers/")
            .versions(
                V2,
                List.of(
                    VersionedType.same(V2, type(V2), o -> o), new VersionedType(V1, type(V1), o -> o, toHub, o -> o, "")))
            .strategy(new ResourceStrategy() {})
            .columns(new TableColumns(List.of(), (_, _) -> List.of()))
            .build();
    store = Await.result(fixture.registry.register(definition));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static Struct type(GroupVersionKind kind) {
    return Schemas.builtin().findKind(kind).orElseThrow();
  }

  private CachedObject stored(GroupVersionKind kind, String spec) {
    String json =
        "{\"kind\":\"HorizontalPodAutoscaler\",\"apiVersion\":\"" + kind.apiVersion() + "\",\"metadata\":{\"name\":\"a\",\"namespace\":\"ns\"},\"spec\":" + spec + "}";
    byte[] bytes = ProtobufWriter.write(Canonical.complete(JsonReader.read(json), type(kind)), type(kind));
    Await.result(fixture.storage.put(KEY, 0, Buffer.buffer(bytes), Duration.ZERO));
    Optional<CachedObject> found = store.find("ns", "a", "0");
    return found.orElseThrow();
  }

  private void compare(CachedObject object) {
    VersionedType hub = store.definition().hubVersion();
    ObjectValue tree = store.forms().tree(object, hub);
    assertThat(new String(store.forms().json(object, hub))).isEqualTo(new String(JsonWriter.write(tree)));
    assertThat(store.forms().protobuf(object, hub).toByteArray()).isEqualTo(ProtobufWriter.writeMessage(tree, hub.struct()));
  }

  @Test
  void printsWhatWasStoredInTheHubVersion() {
    compare(stored(V2, "{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"maxReplicas\":3}"));
  }

  @Test
  void convertsWhatAnOlderServerStoredInAnotherVersion() {
    CachedObject object =
        stored(V1, "{\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"maxReplicas\":3,\"targetCPUUtilizationPercentage\":50}");
    assertThat(new String(store.forms().json(object, store.definition().hubVersion())))
        .contains("\"apiVersion\":\"autoscaling/v2\"", "\"maxReplicas\":3")
        .doesNotContain("targetCPU");
    compare(object);
  }
}
