package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is printed of the bytes is what is printed of the tree: for every kind of the published fixtures, whole and with
/// members left out at random.
class ProtobufPrinterTest {
  private static final Struct POD = Schemas.builtin().findKind(new GroupVersionKind("", "v1", "Pod")).orElseThrow();
  private static final String REVISION = "90071992547409";

  @TestFactory
  Stream<DynamicTest> printsWhatTheTreePrints() throws IOException {
    Path directory = FixturesTest.shared().resolve("fixtures/api-objects");
    List<Path> files = List.of();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.list(directory)) {
        files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      }
    }
    return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    ObjectValue raw = (ObjectValue) JsonReader.read(Files.readAllBytes(file));
    String[] version = raw.string("apiVersion").split("/");
    var kind =
        new GroupVersionKind(version.length == 1 ? "" : version[0], version[version.length - 1], raw.string("kind"));
    Struct type = Schemas.builtin().findKind(kind).orElse(null);
    if (type == null
        || type.field("metadata") == null
        || !(type.field("metadata").shape() instanceof Struct meta)
        || meta.field("namespace") == null) {
      return;
    }
    ObjectValue whole = Canonical.complete(raw, type);
    compare(whole, type);
    Random random = new Random(file.getFileName().toString().hashCode());
    for (int i = 0; i < 25; i++) {
      compare(Canonical.complete(thinned(raw, random, 0), type), type);
    }
  }

  /// Without some of its members, but what names its type.
  private static Value thinned(Value value, Random random, int depth) {
    return switch (value) {
      case ObjectValue object -> {
        ObjectValue.Builder kept = ObjectValue.builder();
        for (int i = 0; i < object.size(); i++) {
          String name = object.nameAt(i);
          if (depth == 0 && !name.equals("spec") && !name.equals("status") || random.nextInt(5) > 0) {
            kept.put(name, thinned(object.valueAt(i), random, depth + 1));
          }
        }
        yield kept.build();
      }
      case ListValue list -> new ListValue(list.items().stream().map(item -> thinned(item, random, depth + 1)).toList());
      default -> value;
    };
  }

  private static void compare(ObjectValue tree, Struct type) {
    byte[] stored = ProtobufWriter.write(tree, type);
    byte[] stamped =
        ProtobufWriter.write(tree.withAt(Value.of(REVISION), "metadata", "resourceVersion"), type);
    ProtobufEnvelope expected = ProtobufEnvelope.read(stamped);
    EncodedMessage message = ProtobufPrinter.stamped(stored, type, REVISION);
    assertThat(message.toByteArray()).isEqualTo(expected.raw()).hasSize(message.size());
    assertThat(ProtobufEnvelope.read(message.enveloped("v1", "Any")).raw()).isEqualTo(expected.raw());
    assertThat(text(ProtobufPrinter.json(stored, type, REVISION)))
        .isEqualTo(text(JsonWriter.write(ProtobufReader.read(expected, type))));
  }

  @Test
  void printsEmptyObjects() {
    compare(Canonical.complete(JsonReader.read("{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}"), POD), POD);
  }

  @Test
  void escapesWhatJsonEscapes() {
    String json =
        "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"a\",\"annotations\":{\"b\":\"<\\u2028\\\"é\\n\",\"a\":\"\"}}}";
    compare(Canonical.complete(JsonReader.read(json), POD), POD);
  }

  @Test
  void readsMapsThatAreNotInOrder() {
    byte[] a = {0x0a, 6, 0x0a, 1, 'b', 0x12, 1, 'x'};
    byte[] b = {0x0a, 6, 0x0a, 1, 'a', 0x12, 1, 'y'};
    // ObjectMeta.labels = 11, of two entries whose keys fall.
    byte[] labels = {0x5a, 6, a[2], a[3], a[4], a[5], a[6], a[7], 0x5a, 6, b[2], b[3], b[4], b[5], b[6], b[7]};
    byte[] raw = new ByteSink(64).put(0x0a).put(labels.length).put(labels).toByteArray();
    byte[] stored = new ProtobufEnvelope("v1", "Pod", raw, "", "").write();
    assertThat(text(ProtobufPrinter.json(stored, POD, "7"))).contains("\"labels\":{\"a\":\"y\",\"b\":\"x\"}");
  }

  @Test
  void leavesMalformedMessagesToTheReader() {
    byte[] stored = ProtobufWriter.write(Canonical.complete(JsonReader.read("{\"kind\":\"Pod\",\"apiVersion\":\"v1\"}"), POD), POD);
    ProtobufEnvelope envelope = ProtobufEnvelope.read(stored);
    byte[] cut = Arrays.copyOf(envelope.raw(), envelope.raw().length - 1);
    byte[] broken = new ProtobufEnvelope("v1", "Pod", cut, "", "").write();
    assertThatThrownBy(() -> ProtobufPrinter.json(broken, POD, "7")).isInstanceOf(DecodeException.class);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
