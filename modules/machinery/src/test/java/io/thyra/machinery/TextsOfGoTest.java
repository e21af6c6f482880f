package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.GoText;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsOfGoTest {
  @Test
  void showsOneChangeWithItsContext() {
    String names = IntStream.range(0, 20).mapToObj(i -> "'f" + i + "':" + i).collect(Collectors.joining(","));
    var before = TestJson.read("{" + names + "}");
    var after = TestJson.read("{" + names.replace("'f10':10", "'f10':99") + "}");
    assertThat(GoDiff.of(before, after))
        .isEqualTo(
            "@@ -9,7 +9,7 @@\n  \"f7\": 7,\n  \"f8\": 8,\n  \"f9\": 9,\n- \"f10\": 10,\n+ \"f10\": 99,\n"
                + "  \"f11\": 11,\n  \"f12\": 12,\n  \"f13\": 13,\n");
  }

  @Test
  void separatesDistantChanges() {
    String lines = IntStream.range(0, 30).mapToObj(i -> "l" + i).collect(Collectors.joining("\n"));
    String diff = GoDiff.ofTexts(lines, lines.replace("l2\n", "x\n").replace("l25\n", ""));
    assertThat(diff)
        .isEqualTo(
            "@@ -1,6 +1,6 @@\n l0\n l1\n-l2\n+x\n l3\n l4\n l5\n@@ -23,7 +23,6 @@\n l22\n l23\n l24\n-l25\n l26\n l27\n l28\n");
    assertThat(GoDiff.ofTexts(lines, lines)).isEmpty();
  }

  @Test
  void indentsAsGoDoes() {
    assertThat(GoDiff.indented(TestJson.read("{'a':[1,{'b':null}],'e':{},'l':[]}")))
        .isEqualTo("{\n \"a\": [\n  1,\n  {\n   \"b\": null\n  }\n ],\n \"e\": {},\n \"l\": []\n}");
  }

  @ParameterizedTest
  @CsvSource({"1h30m,1h30m0s", "-1.5s,-1.5s", "100ms,100ms", "0,0s", "90s,1m30s", "1us,1µs", "1h,1h0m0s", "1m1.25s,1m1.25s"})
  void readsAndWritesDurations(String text, String printed) {
    assertThat(GoDuration.print(GoDuration.parse(text))).isEqualTo(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x|time: invalid duration \"x\"",
        "1|time: missing unit in duration \"1\"",
        "1d|time: unknown unit \"d\" in duration \"1d\"",
        "1500000h1500000h|time: invalid duration \"1500000h1500000h\""
      })
  void refusesOtherDurations(String text, String complaint) {
    assertThatThrownBy(() -> GoDuration.parse(text)).hasMessage(complaint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"* * * * *", "*/5 0-6 1,15 jan-mar sun", "@daily", "@every 1h", "? ? ? ? ?"})
  void acceptsSchedules(String schedule) {
    CronSchedule.require(schedule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * *|expected exactly 5 fields, found 4: [* * * *]",
        "60 * * * *|end of range (60) above maximum (59): 60",
        "* * 0 * *|beginning of range (0) below minimum (1): 0",
        "5-1 * * * *|beginning of range (5) beyond end of range (1): 5-1",
        "*/0 * * * *|step of range should be a positive number: */0",
        "a * * * *|failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax",
        "@often|unrecognized descriptor: @often",
        "@every x|failed to parse duration @every x: time: invalid duration \"x\"",
        "1-2-3 * * * *|too many hyphens: 1-2-3"
      })
  void refusesOtherSchedules(String schedule, String complaint) {
    assertThatThrownBy(() -> CronSchedule.require(schedule)).hasMessage(complaint);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        ".spec.replicas|[3]",
        ".spec.list[0].n|['a']",
        ".spec.list[*].n|['a','b']",
        ".spec.list[-1:].n|['b']",
        ".spec.list[?(@.n=='b')].v|[2]",
        ".spec.list[?(@.v>1)].n|['b']",
        ".spec['replicas']|[3]",
        ".spec.a\\.b|['dot']",
        "..n|['a','b']",
        ".spec.none|[]",
        ".spec.list[0,1].v|[1,2]"
      })
  void findsByPath(String path, String found) {
    var document = TestJson.read("{'spec':{'replicas':3,'list':[{'n':'a','v':1},{'n':'b','v':2}],'a.b':'dot'}}");
    assertThat(GoText.json(new io.thyra.model.ListValue(JsonPath.ofPath(path).find(document))))
        .isEqualTo(found.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        ".a[|unterminated array",
        ".a[x]|invalid array index x",
        ".a['x|unterminated array",
        ".a[?(@.b|unterminated filter",
        "#|unrecognized character in action: U+0023 '#'",
        "....|invalid multiple recursive descent"
      })
  void refusesBrokenPaths(String path, String complaint) {
    assertThatThrownBy(() -> JsonPath.ofPath(path)).hasMessage(complaint);
  }

  @Test
  void printsFloatsAsGoDoes() {
    assertThat(GoPrint.decimal(100000)).isEqualTo("100000");
    assertThat(GoPrint.decimal(1e6)).isEqualTo("1e+06");
    assertThat(GoPrint.decimal(1234567.5)).isEqualTo("1.2345675e+06");
    assertThat(GoPrint.decimal(9.223372036854775808e18)).isEqualTo("9.223372036854776e+18");
    assertThat(GoPrint.decimal(0.00001)).isEqualTo("1e-05");
  }
}
