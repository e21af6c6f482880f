package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorTest {
  private static final String VALUE_RULE =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
          + "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', "
          + "regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=b|a=b",
        "z==1,a!=2|a!=2,z==1",
        "x in (b,a), y notin ()|x in (a,b),y notin ()",
        "x in (foo,,baz),y,!z|x in (,baz,foo),y,!z",
        "n > 3 , m<4|m<4,n>3",
        "in in (in,notin)|in in (in,notin)",
        "a=|a="
      })
  void printsTheCanonicalForm(String text, String printed) {
    assertThat(LabelSelector.parse(text)).hasToString(printed);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a in b|unable to parse requirement: found 'b' expected: '('",
        "a in|unable to parse requirement: found '' expected: '('",
        "a in (b|unable to parse requirement: found '', expected: ',' or ')'",
        "a in (|unable to parse requirement: found '', expected: ',', ')' or identifier",
        "a b|unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
        "a=b)|found ')', expected: ',' or 'end of string'",
        "a,|found '', expected: identifier after ','",
        "a,,b|found ',', expected: identifier after ','",
        "!|unable to parse requirement: found '', expected: identifier",
        "a==b=|found '=', expected: ',' or 'end of string'",
        "=a|found '=', expected: !, identifier, or 'end of string'",
        "/b|unable to parse requirement: <nil>: Invalid value: \"/b\": prefix part must be non-empty",
        "n>x|unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer"
      })
  void complainsInUpstreamsWords(String text, String complaint) {
    assertThatThrownBy(() -> LabelSelector.parse(text)).isInstanceOf(SyntaxException.class).hasMessage(complaint);
  }

  @Test
  void namesTheKeyOfABadValue() {
    assertThatThrownBy(() -> LabelSelector.parse("a=b-"))
        .hasMessage("unable to parse requirement: values[0][a]: Invalid value: \"b-\": " + VALUE_RULE);
  }

  @Test
  void tellsOfTooLongKeysInBytes() {
    String key = "k".repeat(64);
    assertThatThrownBy(() -> LabelSelector.parse(key))
        .hasMessage(
            "unable to parse requirement: <nil>: Invalid value: \"" + key + "\": name part must be no more than 63 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1|true",
        "a!=1|false",
        "b|false",
        "!b|true",
        "b!=x|true",
        "a in (1,2),c notin (9)|true",
        "a>0,a<2|true",
        "a>1|false",
        "word>1|false",
        "''|true"
      })
  void matchesLabels(String text, boolean matches) {
    var labels = TestJson.object("{'a': '1', 'c': '3', 'word': 'w'}");
    assertThat(LabelSelector.parse(text == null ? "" : text).matches(labels)).isEqualTo(matches);
  }

  @Test
  void readsSelectorObjects() {
    LabelSelector selector =
        LabelSelector.fromObject(
            TestJson.read(
                "{'matchLabels': {'b': '1'}, 'matchExpressions': [{'key': 'a', 'operator': 'NotIn', 'values': ['x', 'y']}]}"));
    assertThat(selector).hasToString("a notin (x,y),b=1");
    assertThat(LabelSelector.fromObject(null).isNothing()).isTrue();
    assertThat(LabelSelector.fromObject(TestJson.read("{}")).isEmpty()).isTrue();
  }

  @Test
  void refusesUnknownOperatorsAndEmptyValueSets() {
    assertThatThrownBy(
            () -> LabelSelector.fromObject(TestJson.read("{'matchExpressions': [{'key': 'a', 'operator': 'Near'}]}")))
        .hasMessage("\"Near\" is not a valid label selector operator");
    assertThatThrownBy(
            () -> LabelSelector.fromObject(TestJson.read("{'matchExpressions': [{'key': 'a', 'operator': 'In'}]}")))
        .hasMessage("values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty");
  }
}
