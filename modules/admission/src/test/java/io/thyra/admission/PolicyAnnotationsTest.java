package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.admission.policy.ValidatingPolicies;
import io.thyra.model.Authorizer;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What validating policies tell the audit log.
class PolicyAnnotationsTest {
  private static final String POD = "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}";
  private static final String RULES = "{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}";
  private final Cluster cluster =
      new Cluster(
          Settings.DEFAULT,
          _ -> Authorizer.Decision.NO_OPINION,
          registry ->
              Map.of("ValidatingAdmissionPolicy", new ValidatingPolicies(registry, _ -> Authorizer.Decision.NO_OPINION)));

  @AfterEach
  void close() {
    cluster.close();
  }

  private void policy(String spec, String... actions) {
    cluster.put(
        "validatingadmissionpolicies",
        "{metadata: {name: p.example.com}, spec: {failurePolicy: Fail, matchConstraints: {matchPolicy: Equivalent, resourceRules: ["
            + RULES + "]}, " + spec + "}}");
    for (String action : actions) {
      cluster.put(
          "validatingadmissionpolicybindings",
          "{metadata: {name: " + action.toLowerCase(java.util.Locale.ROOT) + "}, spec: {policyName: p.example.com, validationActions: [" + action + "]}}");
    }
  }

  @Test
  void tellsOfFailuresThatNobodyIsRefusedFor() {
    policy("validations: [{expression: 'true'}, {expression: \"object.metadata.name != 'p'\", message: 'a <p>'}]", "Audit");
    cluster.create("pods", POD);
    assertThat(cluster.annotations())
        .containsEntry(
            "validation.policy.admission.k8s.io/validation_failure",
            "[{\"message\":\"a \\u003cp\\u003e\",\"policy\":\"p.example.com\",\"binding\":\"audit\",\"expressionIndex\":1,"
                + "\"validationActions\":[\"Audit\"]}]");
  }

  @Test
  void publishesWhatAnnotationsSayOnceForAllBindings() {
    policy(
        "validations: [{expression: 'true'}], auditAnnotations: [{key: who, valueExpression: \"' ' + object.metadata.name\"},"
            + " {key: nothing, valueExpression: 'null'}, {key: blank, valueExpression: \"' '\"}]",
        "Audit",
        "Warn");
    cluster.create("pods", POD);
    assertThat(cluster.annotations())
        .containsEntry("p.example.com/who", "p")
        .doesNotContainKeys("p.example.com/nothing", "p.example.com/blank");
  }
}
