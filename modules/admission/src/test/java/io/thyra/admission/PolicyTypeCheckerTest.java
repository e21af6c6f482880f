package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.admission.policy.PolicyTypeChecker;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyTypeCheckerTest {
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private List<ObjectValue> check(String resources, String spec) {
    String rules = "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [" + resources + "]}";
    return new PolicyTypeChecker(cluster.registry)
        .check(
            Cluster.object(
                "validatingadmissionpolicies",
                "{metadata: {name: p}, spec: {matchConstraints: {resourceRules: [" + rules + "]}, " + spec + "}}"));
  }

  @Test
  void findsFieldsThatTheKindHasNot() {
    List<ObjectValue> warnings =
        check("pods", "validations: [{expression: 'object.spec.nope == 1'}, {expression: 'has(object.spec.nodeName)'}]");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst().string("fieldRef")).isEqualTo("spec.validations[0].expression");
    assertThat(warnings.getFirst().string("warning"))
        .isEqualTo("/v1, Kind=Pod: ERROR: <input>:1:12: undefined field 'nope'\n | object.spec.nope == 1\n | ...........^\n");
  }

  @Test
  void looksAtMessagesAndAtVariablesToo() {
    List<ObjectValue> warnings =
        check(
            "pods",
            "variables: [{name: node, expression: 'object.spec.nodeName'}],"
                + " validations: [{expression: \"variables.node == 'n'\", messageExpression: 'object.metadata.names'}]");
    assertThat(warnings).extracting(warning -> warning.string("fieldRef")).containsExactly("spec.validations[0].messageExpression");
  }

  @Test
  void saysNothingWhereRulesNameNoKind() {
    assertThat(check("'*'", "validations: [{expression: 'object.nope'}]")).isEmpty();
  }
}
