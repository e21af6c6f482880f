package io.thyra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "``|unexpected end of JSON input",
      "{|unexpected end of JSON input",
      "{\"a\"|unexpected end of JSON input",
      "{not json|invalid character 'n' looking for beginning of object key string",
      "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
      "{\"a\" 1}|invalid character '1' after object key",
      "{\"a\":1 2}|invalid character '2' after object key:value pair",
      "[1 2]|invalid character '2' after array element",
      "[,]|invalid character ',' looking for beginning of value",
      "true1|invalid character '1' after top-level value",
      "nope|invalid character 'o' in literal null (expecting 'u')",
      "01|invalid character '1' after top-level value",
      "1.|unexpected end of JSON input",
      "1.x|invalid character 'x' after decimal point in numeric literal",
      "1ex|invalid character 'x' in exponent of numeric literal",
      "-x|invalid character 'x' in numeric literal",
      "'|invalid character '\\'' looking for beginning of value",
      "\"\\x\"|invalid character 'x' in string escape code",
      "\"\\u12g4\"|invalid character 'g' in \\u hexadecimal character escape",
      "[1]{}|invalid character '{' after top-level value",
  })
  void tellsSyntaxErrorsInGoWords(String json, String message) {
    assertThatThrownBy(() -> JsonReader.read(json == null ? "" : json)).isInstanceOf(DecodeException.class).hasMessage(message);
  }

  @Test
  void refusesControlCharactersInStrings() {
    assertThatThrownBy(() -> JsonReader.read("\"a\nb\"")).hasMessage("invalid character '\\n' in string literal");
    assertThatThrownBy(() -> JsonReader.read(new byte[] {0x1f})).hasMessage("invalid character '\\x1f' looking for beginning of value");
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "{}", "[]", "null", "[true,false,null]", "{\"a\":{\"b\":[1,-2,{}]},\"c\":\"x\"}", "9223372036854775807", "-9223372036854775808",
      "9223372036854775808", "1.50", "1e3", "\"\\n\\t\\\"\\\\\\u0001\"", "\"ä€😀\"", "\"\\u003ca\\u003e\\u0026\\u2028\""})
  void printsWhatItReads(String json) {
    assertThat(print(json)).isEqualTo(json);
  }

  @Test
  void replacesWhatIsNoUnicode() {
    assertThat(new String(JsonWriter.write(JsonReader.read(new byte[] {'"', (byte) 0xC3, 'a', (byte) 0xFF, '"'})), StandardCharsets.UTF_8))
        .isEqualTo("\"\uFFFDa\uFFFD\"");
    assertThat(print("\"\\ud800x\"")).isEqualTo("\"\uFFFDx\"");
    assertThat(print("\"\\ud83d\\ude00\"")).isEqualTo("\"😀\"");
  }

  @Test
  void readsTenThousandLevelsAndNoMore() {
    assertThat(JsonReader.read("[".repeat(10_000) + "]".repeat(10_000))).isNotNull();
    assertThatThrownBy(() -> JsonReader.read("[".repeat(10_001))).hasMessage("invalid character '[' exceeded max depth");
  }

  @Test
  void keepsTheLastOfRepeatedNamesAndReportsThem() {
    JsonDocument document = JsonReader.parse("{\"a\":1,\"b\":[{\"c\":1,\"c\":2}],\"a\":3}".getBytes(StandardCharsets.UTF_8));
    assertThat(document.root()).hasToString("{a=3, b=[{c=2}]}");
    assertThat(document.duplicates()).containsExactly("duplicate field \"b[0].c\"", "duplicate field \"a\"");
  }

  @Test
  void indentsLikeUpstream() {
    assertThat(new String(JsonWriter.writePretty(JsonReader.read("{\"a\":[1,{\"b\":{}}],\"c\":[]}")), StandardCharsets.UTF_8))
        .isEqualTo("{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n  ],\n  \"c\": []\n}");
  }

  private static String print(String json) {
    return new String(JsonWriter.write(JsonReader.read(json)), StandardCharsets.UTF_8);
  }
}
