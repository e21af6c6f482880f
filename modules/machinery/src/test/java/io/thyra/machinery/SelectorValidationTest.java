package io.thyra.machinery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import org.junit.jupiter.api.Test;

class SelectorValidationTest {
  @Test
  void checksExpressions() {
    var selector =
        TestJson.read(
            "{'matchExpressions':[{'key':'a','operator':'In'},{'key':'a','operator':'Exists','values':['b']},"
                + "{'key':'','operator':'Near'}]}");
    assertThat(SelectorValidation.labelSelector(selector, false, FieldPath.of("s")))
        .extracting(FieldError::toString)
        .startsWith(
            "s.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
            "s.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            "s.matchExpressions[2].operator: Invalid value: \"Near\": not a valid selector operator",
            "s.matchExpressions[2].key: Invalid value: \"\": name part must be non-empty");
  }

  @Test
  void convertsToPlainLabelsWhereItCan() {
    assertThat(
            SelectorValidation.asLabels(
                TestJson.object("{'matchLabels':{'a':'1'},'matchExpressions':[{'key':'b','operator':'In','values':['2']}]}")))
        .containsEntry("a", "1")
        .containsEntry("b", "2");
    assertThatThrownBy(
            () -> SelectorValidation.asLabels(TestJson.object("{'matchExpressions':[{'key':'b','operator':'Exists'}]}")))
        .hasMessage("operator \"Exists\" cannot be converted into the old label selector format");
  }

  @Test
  void printsForTables() {
    assertThat(SelectorValidation.format(null)).isEqualTo("<none>");
    assertThat(SelectorValidation.format(TestJson.read("{'matchLabels':{'a':'1'}}"))).isEqualTo("a=1");
    assertThat(SelectorValidation.format(TestJson.read("{'matchExpressions':[{'key':'a','operator':'Near'}]}")))
        .isEqualTo("<error>");
  }
}
