package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private static final ListHead PODS = new ListHead("v1", "PodList", "7", "", null, false);

  @Test
  void putsListsTogetherWithoutTheTypesOfTheirItems() {
    var items = List.of(EncodedObject.of(object("a")), EncodedObject.of(object("b")));
    assertThat(json(PODS, items.iterator()))
        .isEqualTo("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\"},"
            + "\"items\":[{\"metadata\":{\"name\":\"a\"}},{\"metadata\":{\"name\":\"b\"}}]}\n");
    assertThat(json(new ListHead("v1", "PodList", "7", "t", 3L, false), items.subList(0, 0).iterator()))
        .isEqualTo("{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"7\",\"continue\":\"t\",\"remainingItemCount\":3},"
            + "\"items\":[]}\n");
  }

  @Test
  void keepsTheTypesOfCustomResources() {
    var item = EncodedObject.of(JsonReader.read("{\"apiVersion\":\"x/v1\",\"kind\":\"Thing\"}") instanceof ObjectValue o ? o : ObjectValue.EMPTY);
    assertThat(json(new ListHead("x/v1", "ThingList", "7", "", null, true), List.of(item).iterator()))
        .isEqualTo("{\"apiVersion\":\"x/v1\",\"items\":[{\"apiVersion\":\"x/v1\",\"kind\":\"Thing\"}],\"kind\":\"ThingList\","
            + "\"metadata\":{\"continue\":\"\",\"resourceVersion\":\"7\"}}\n");
  }

  @Test
  void boundsThePiecesOfLongLists() {
    var items = new ArrayList<EncodedObject>();
    for (int i = 0; i < 10_000; i++) {
      items.add(EncodedObject.of(object("name-" + i)));
    }
    Iterator<byte[]> pieces = ListEncoder.json(PODS, items.iterator());
    int count = 0;
    while (pieces.hasNext()) {
      assertThat(pieces.next().length).isLessThan(ListEncoder.PIECE_BYTES + 200);
      count++;
    }
    assertThat(count).isGreaterThan(3);
    assertThat(JsonReader.read(json(PODS, items.iterator())) instanceof ObjectValue list ? list.list("items").size() : 0).isEqualTo(10_000);
  }

  @Test
  void putsProtobufListsTogether() {
    EncodedMessage message = EncodedMessage.of(new byte[] {0x0a, 0x01, 'x'});
    var out = new ByteArrayOutputStream();
    ListEncoder.protobuf(PODS, List.of(message, message)).forEach(out::writeBytes);
    ProtobufEnvelope envelope = ProtobufEnvelope.read(out.toByteArray());
    assertThat(envelope.kind()).isEqualTo("PodList");
    assertThat(envelope.raw()).containsExactly(0x0a, 7, 0x0a, 0, 0x12, 1, '7', 0x1a, 0, 0x12, 3, 0x0a, 1, 'x', 0x12, 3, 0x0a, 1, 'x');
  }

  @Test
  void reducesObjectsToTheirMetadata() {
    assertThat(text(PartialObject.of(object("a"), "v1")))
        .isEqualTo("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"name\":\"a\"}}");
    assertThat(text(PartialObject.listOf(PODS, List.of(), "v1beta1"))).endsWith("\"items\":null}");
  }

  @Test
  void printsTables() {
    var table = new Table(
        List.of(new Table.Column("Name", "string", "name", "Its name", 0)),
        List.of(new Table.Row(List.of(Value.of("a")), object("a"))));
    assertThat(text(table.tree(PODS, Table.IncludeObject.NONE, "v1")))
        .isEqualTo("{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"7\"},"
            + "\"columnDefinitions\":[{\"name\":\"Name\",\"type\":\"string\",\"format\":\"name\",\"description\":\"Its name\",\"priority\":0}],"
            + "\"rows\":[{\"cells\":[\"a\"],\"object\":null}]}");
    assertThat(text(table.tree(PODS, Table.IncludeObject.METADATA, "v1"))).contains("\"object\":{\"kind\":\"PartialObjectMetadata\"");
  }

  @Test
  void endsCompactJsonInANewline() {
    assertThat(ObjectEncoder.encode(object("a"), null, Accepted.JSON)).endsWith('}', '\n');
    assertThat(ObjectEncoder.encode(object("a"), null, new Accepted(Format.JSON, true, null, ""))).endsWith('\n', '}');
  }

  private static ObjectValue object(String name) {
    return ObjectValue.builder().put("kind", "Pod").put("apiVersion", "v1").put("metadata", ObjectValue.of("name", Value.of(name))).build();
  }

  private static String json(ListHead head, Iterator<EncodedObject> items) {
    var out = new ByteArrayOutputStream();
    ListEncoder.json(head, items).forEachRemaining(out::writeBytes);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String text(ObjectValue object) {
    return new String(JsonWriter.write(object), StandardCharsets.UTF_8);
  }
}
