package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "a: yes|{\"a\":true}", "a: off|{\"a\":false}", "n: 1|{\"false\":1}", "a: 010|{\"a\":8}", "a: 0x1F|{\"a\":31}", "a: 1_000|{\"a\":1000}",
      "a: ~|{\"a\":null}", "a:|{\"a\":null}", "a: '1'|{\"a\":\"1\"}", "a: 1.50|{\"a\":1.5}", "a: 1e3|{\"a\":1000}",
      "a: 2024-01-02|{\"a\":\"2024-01-02\"}", "a: 08|{\"a\":8}", "1: x|{\"1\":\"x\"}", "a: !!str 1|{\"a\":\"1\"}", "a: 1.2.3|{\"a\":\"1.2.3\"}",
      "{b: 1, a: [x, 2]}|{\"a\":[\"x\",2],\"b\":1}", "a: 18446744073709551615|{\"a\":18446744073709551615}", "a: '<<'|{\"a\":\"\\u003c\\u003c\"}"})
  void resolvesScalarsAsYaml11(String yaml, String json) {
    assertThat(json(yaml)).isEqualTo(json);
  }

  @Test
  void readsOnlyTheFirstDocument() {
    assertThat(json("---\na: 1\n---\nb: [")).isEqualTo("{\"a\":1}");
    assertThat(json("")).isEqualTo("null");
    assertThat(json("# nothing\n")).isEqualTo("null");
  }

  @Test
  void resolvesAliasesAndMerges() {
    assertThat(json("a: &x {k: 1}\nb: *x\nc: {<<: *x, l: 2}")).isEqualTo("{\"a\":{\"k\":1},\"b\":{\"k\":1},\"c\":{\"k\":1,\"l\":2}}");
    assertThatThrownBy(() -> json("a: *x")).hasMessage("yaml: unknown anchor 'x' referenced");
    assertThatThrownBy(() -> json("a: &x [*x]")).hasMessage("yaml: anchor 'x' value contains itself");
  }

  @Test
  void refusesAliasBombs() {
    var yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9) + "*a" + (i - 1)));
    }
    assertThatThrownBy(() -> json(yaml.toString())).hasMessage("yaml: document contains excessive aliasing");
    assertThatThrownBy(() -> json("[".repeat(100_000))).isInstanceOf(DecodeException.class);
  }

  @Test
  void reportsRepeatedKeys() {
    YamlDocument document = YamlReader.read("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n".getBytes(StandardCharsets.UTF_8));
    assertThat(document.strictError())
        .isEqualTo("yaml: unmarshal errors:\n  line 4: key \"c\" already set in map\n  line 5: key \"a\" already set in map");
    assertThat(document.root()).hasToString("{a=3, b={c=2}}");
  }

  @Test
  void tellsSyntaxErrorsInUpstreamsWords() {
    assertThatThrownBy(() -> json("a: b: c")).hasMessage("yaml: mapping values are not allowed in this context");
    assertThatThrownBy(() -> json("a: 1\nb: c: d")).hasMessage("yaml: line 2: mapping values are not allowed in this context");
    assertThatThrownBy(() -> json("a: @x")).hasMessage("yaml: found character that cannot start any token");
    assertThatThrownBy(() -> json("a: {b: 1\n")).hasMessage("yaml: line 1: did not find expected ',' or '}'");
    assertThatThrownBy(() -> json("a: \"\\u")).hasMessage("yaml: did not find expected hexdecimal number");
    assertThatThrownBy(() -> json("a: 1\nb: \"\\x")).hasMessage("yaml: line 2: did not find expected hexdecimal number");
    assertThatThrownBy(() -> json("{broken")).hasMessage("yaml: line 1: did not find expected ',' or '}'");
  }

  @Test
  void writesSortedKeysAndPlainLists() {
    assertThat(yaml("{\"b\":[{\"y\":1,\"x\":[]},[1,2]],\"a\":{\"k10\":null,\"k9\":{}},\"c\":\"\"}"))
        .isEqualTo("a:\n  k9: {}\n  k10: null\nb:\n- x: []\n  \"y\": 1\n- - 1\n  - 2\nc: \"\"\n");
  }

  @Test
  void quotesWhatWouldReadAsSomethingElse() {
    assertThat(yaml("{\"a\":\"true\",\"b\":\"1\",\"c\":\"a: b\",\"d\":\"x#y\",\"e\":\" x\",\"f\":\"2024-01-02T03:04:05Z\",\"g\":\"tab\\t\",\"h\":\"*\",\"i\":\"1:30\"}"))
        .isEqualTo("a: \"true\"\nb: \"1\"\nc: 'a: b'\nd: x#y\ne: ' x'\nf: \"2024-01-02T03:04:05Z\"\ng: \"tab\\t\"\nh: '*'\ni: \"1:30\"\n");
  }

  @Test
  void writesLinesLiterally() {
    assertThat(yaml("{\"a\":\"x\\ny\\n\",\"b\":\"x\\n\\ny\",\"c\":\"x\\n\\n\",\"d\":\" x\\ny\"}"))
        .isEqualTo("a: |\n  x\n  y\nb: |-\n  x\n\n  y\nc: |+\n  x\n\nd: |2-\n   x\n  y\n");
  }

  @Test
  void indentsATextAlone() {
    assertThat(yaml("\"x\\n\\ny\"")).isEqualTo("|-\n  x\n\n  y\n");
  }

  @Test
  void foldsLongText() {
    assertThat(yaml("{\"kind\":\"Status\",\"message\":\"only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch\"}"))
        .isEqualTo("kind: Status\nmessage: 'only the following media types are accepted: application/json;stream=watch,\n  application/vnd.kubernetes.protobuf;stream=watch'\n");
  }

  private static String json(String yaml) {
    return new String(
        JsonWriter.write(YamlReader.read((yaml == null ? "" : yaml).getBytes(StandardCharsets.UTF_8)).root()), StandardCharsets.UTF_8);
  }

  private static String yaml(String json) {
    return new String(YamlWriter.write(JsonReader.read(json)), StandardCharsets.UTF_8);
  }
}
