package io.thyra.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "that.a > 1|1:1: undeclared reference to 'that' (in container '')",
        "self.z > 1|1:5: undefined field 'z'",
        "self.a == self.b|1:8: found no matching overload for '_==_' applied to '(int, string)'",
        "self.a + 1.5 > 2.0|1:8: found no matching overload for '_+_' applied to '(int, double)'",
        "has(self.l[0])|1:11: invalid argument to has() macro",
        "self.b.matches('a(')|1:16: invalid matches argument",
        "duration('x') > duration('1h')|1:10: invalid duration argument",
        "self.l.flatten() == self.l|1:15: found no matching overload for 'flatten' applied to 'list(int).()'",
        "[1, 'a'] == []|1:5: expected type 'int' but found 'string'",
        "self.l.all(1, true)|1:12: argument must be a simple name",
        "self.l.filter(x.y, true)|1:16: argument is not an identifier",
        "self.l.sortBy(1, x)|1:15: argument is not an identifier",
        "'%d'.format(['a'])|1:14: error during formatting: decimal clause can only be used on integers, was given string",
        "'%s'.format(['a', 'b'])|1:12: too many arguments supplied to string.format (expected 1, got 2)",
        "self.b contains 'x'|1:8: Syntax error: mismatched input 'contains' expecting <EOF>",
        "99999999999999999999 > 1|1:1: invalid int literal",
        "math.greatest(1, 2) == 2|1:1: undeclared reference to 'math' (in container '')",
      })
  void tellsWhatIsWrongInTheWordsOfCelGo(String expression, String words) {
    assertThatThrownBy(() -> Specimen.ENVIRONMENT.compile(expression))
        .isInstanceOf(CompilationException.class)
        .hasMessageStartingWith("ERROR: <input>:" + words + "\n | ");
  }

  @Test
  void marksThePlaceUnderWideCharacters() {
    assertThatThrownBy(() -> Specimen.ENVIRONMENT.compile("self.b == \"é\" && foo"))
        .hasMessage("ERROR: <input>:1:18: undeclared reference to 'foo' (in container '')\n"
            + " | self.b == \"é\" && foo\n"
            + " | ...........．.....^");
  }

  @Test
  void tellsAllIssuesInOrder() {
    assertThatThrownBy(() -> Specimen.ENVIRONMENT.compile("self.x-y > 1"))
        .hasMessageMatching("(?s)ERROR: <input>:1:5: undefined field 'x'.*ERROR: <input>:1:8: undeclared reference to 'y'.*");
  }

  @Test
  void knowsTheTypesOfResults() {
    assertThat(Specimen.ENVIRONMENT.compile("self.l.map(x, string(x))").resultTypeName()).isEqualTo("list(string)");
    assertThat(Specimen.ENVIRONMENT.compile("self.?b").resultTypeName()).isEqualTo("optional_type(string)");
    assertThat(Specimen.ENVIRONMENT.compile("self == oldSelf").uses("oldSelf")).isTrue();
    assertThat(Specimen.ENVIRONMENT.compile("self == self").uses("oldSelf")).isFalse();
  }

  @Test
  void mutationsMakeObjectsOfAnyFields() {
    Environment environment = Environment.builder().variable("object", DeclType.DYN).mutation().build();
    Evaluation made =
        environment
            .compile("Object{spec: Object.spec{containers: [Object.spec.containers{name: 'c'}]}}")
            .evaluate(new Variables());
    assertThat(made.findTypeProblem()).isEmpty();
    assertThat(made.json().orElseThrow()).hasToString("{spec={containers=[{name=c}]}}");
    Evaluation misnamed = environment.compile("Object{spec: Object.status{}}").evaluate(new Variables());
    assertThat(misnamed.findTypeProblem().orElseThrow()).startsWith("unexpected type name \"Object.status\", expected \"Object.spec\"");
    assertThatThrownBy(() -> environment.compile("[JSONPatch{op: 'add', nowhere: '/x'}]"))
        .hasMessageStartingWith("ERROR: <input>:1:30: expected type of field 'nowhere' is '' but provided type is 'string'");
  }
}
