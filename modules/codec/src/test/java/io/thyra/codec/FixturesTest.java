package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every kind in JSON, YAML and protobuf as Kubernetes publishes it for this purpose (k8s.io/api testdata); without these
/// files there is nothing to test. `-Dthyra.shared` names the directory above `fixtures`.
class FixturesTest {
  @TestFactory
  Stream<DynamicTest> everyKindReadsAndWritesAlike() throws IOException {
    Path directory = shared().resolve("fixtures/api-objects");
    assumeTrue(Files.isDirectory(directory), "no fixtures");
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
    return files.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  static Path shared() {
    String named = System.getProperty("thyra.shared");
    if (named != null) {
      return Path.of(named);
    }
    Path at = Path.of("").toAbsolutePath();
    while (at.getParent() != null && !Files.isDirectory(at.resolve("shared/fixtures"))) {
      at = at.getParent();
    }
    return at.resolve("shared");
  }

  private static void check(Path file) throws IOException {
    byte[] json = Files.readAllBytes(file);
    ObjectValue raw = (ObjectValue) JsonReader.read(json);
    String apiVersion = raw.string("apiVersion");
    int slash = apiVersion.indexOf('/');
    var kind = new GroupVersionKind(
        slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1), raw.string("kind"));
    Optional<Struct> type = Schemas.builtin().findKind(kind);
    assumeTrue(type.isPresent(), kind + " is not served");

    Decoded decoded = Canonical.decode(JsonReader.parse(json), type.get());
    assertThat(decoded.strictErrors()).isEmpty();
    ObjectValue tree = decoded.object();
    assertThat(text(JsonWriter.writePretty(tree))).isEqualTo(text(json).stripTrailing());
    assertThat(Canonical.complete(tree, type.get())).isEqualTo(tree);

    byte[] wanted = Files.readAllBytes(sibling(file, ".pb"));
    byte[] written = ProtobufWriter.write(tree, type.get());
    assertThat(hex(written, wanted)).isEqualTo(hex(wanted, written));
    ObjectValue read = ProtobufReader.read(ProtobufEnvelope.read(wanted), type.get());
    assertThat(text(JsonWriter.writePretty(read))).isEqualTo(text(json).stripTrailing());

    byte[] yaml = Files.readAllBytes(sibling(file, ".yaml"));
    assertThat(text(YamlWriter.write(tree))).isEqualTo(text(yaml));
    assertThat(Canonical.complete(YamlReader.read(yaml).root(), type.get())).isEqualTo(tree);
  }

  private static Path sibling(Path file, String extension) {
    return file.resolveSibling(file.getFileName().toString().replace(".json", extension));
  }

  /// The bytes around the first difference, which say more than a whole dump.
  private static String hex(byte[] bytes, byte[] other) {
    int at = Arrays.mismatch(bytes, other);
    if (at < 0) {
      return "equal";
    }
    int from = Math.max(0, at - 40);
    int to = Math.min(bytes.length, at + 40);
    return at + ": " + HexFormat.of().formatHex(bytes, from, to) + " " + new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)
        .replaceAll("[^ -~]", ".");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
