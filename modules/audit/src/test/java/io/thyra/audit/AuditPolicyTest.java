package io.thyra.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditPolicyTest {
  private static final UserInfo ALICE = new UserInfo("alice", "", List.of("dev", "system:authenticated"));

  private static AuditPolicy policy(String rules) {
    return AuditPolicy.parse(("apiVersion: audit.k8s.io/v1\nkind: Policy\n" + rules).getBytes(StandardCharsets.UTF_8));
  }

  private static RequestInfo about(String verb, String group, String namespace, String resource, String subresource, String name) {
    return new RequestInfo(true, "/", verb, "apis", group, "v1", namespace, resource, subresource, name);
  }

  @Test
  void takesTheFirstRuleThatMatches() {
    AuditPolicy policy =
        policy(
            """
            rules:
            - level: None
              users: [system:kube-proxy]
            - level: RequestResponse
              verbs: [get]
              userGroups: [dev]
              resources: [{group: "", resources: [secrets, pods/log]}]
            - level: Request
              namespaces: [""]
            - level: Metadata
              nonResourceURLs: [/healthz*, /version]
            """);
    assertThat(policy.decide(ALICE, about("get", "", "a", "secrets", "", "s")).level()).isEqualTo(AuditLevel.REQUEST_RESPONSE);
    assertThat(policy.decide(ALICE, about("get", "", "a", "pods", "log", "p")).level()).isEqualTo(AuditLevel.REQUEST_RESPONSE);
    assertThat(policy.decide(ALICE, about("get", "", "a", "pods", "", "p")).level()).isEqualTo(AuditLevel.NONE);
    assertThat(policy.decide(ALICE, about("list", "", "", "nodes", "", "")).level()).isEqualTo(AuditLevel.REQUEST);
    assertThat(policy.decide(ALICE, RequestInfo.nonResource("/healthz/ping", "get")).level()).isEqualTo(AuditLevel.METADATA);
    assertThat(policy.decide(ALICE, RequestInfo.nonResource("/versions", "get")).level()).isEqualTo(AuditLevel.NONE);
    assertThat(policy.decide(null, about("get", "", "a", "secrets", "", "s")).level()).isEqualTo(AuditLevel.NONE);
  }

  @Test
  void knowsTheWildcardsOfResources() {
    AuditPolicy policy =
        policy(
            """
            rules:
            - level: Metadata
              resources: [{group: apps, resources: ["*/scale"]}]
            - level: Request
              resources: [{group: apps, resources: ["deployments/*"]}]
            - level: RequestResponse
              resources: [{group: "*", resources: ["*"], resourceNames: [special]}]
            """);
    assertThat(policy.decide(ALICE, about("get", "apps", "a", "replicasets", "scale", "r")).level()).isEqualTo(AuditLevel.METADATA);
    assertThat(policy.decide(ALICE, about("get", "apps", "a", "deployments", "", "d")).level()).isEqualTo(AuditLevel.REQUEST);
    assertThat(policy.decide(ALICE, about("get", "batch", "a", "jobs", "status", "special")).level()).isEqualTo(AuditLevel.REQUEST_RESPONSE);
    assertThat(policy.decide(ALICE, about("get", "batch", "a", "jobs", "", "other")).level()).isEqualTo(AuditLevel.NONE);
  }

  @Test
  void omitsTheStagesOfRuleAndPolicyTogether() {
    AuditPolicy policy =
        policy(
            """
            omitStages: [RequestReceived]
            omitManagedFields: true
            rules:
            - level: Metadata
              verbs: [get]
              omitStages: [Panic]
              omitManagedFields: false
            - level: Metadata
            """);
    AuditVerdict first = policy.decide(ALICE, about("get", "", "a", "pods", "", "p"));
    assertThat(first.omitted()).containsExactlyInAnyOrder(AuditEvent.Stage.REQUEST_RECEIVED, AuditEvent.Stage.PANIC);
    assertThat(first.omitManagedFields()).isFalse();
    AuditVerdict second = policy.decide(ALICE, about("list", "", "a", "pods", "", ""));
    assertThat(second.omitted()).containsExactly(AuditEvent.Stage.REQUEST_RECEIVED);
    assertThat(second.omitManagedFields()).isTrue();
  }

  @Test
  void refusesWhatUpstreamRefuses() {
    assertThatThrownBy(() -> policy("rules: []")).hasMessage("loaded illegal policy with 0 rules");
    assertThatThrownBy(() -> policy("rules: [{}]")).hasMessage("rules[0].level: Required value");
    assertThatThrownBy(() -> policy("rules: [{level: Loud}]"))
        .hasMessage(
            "rules[0].level: Unsupported value: \"Loud\": supported values: \"None\", \"Metadata\", \"Request\", \"RequestResponse\"");
    assertThatThrownBy(() -> policy("rules: [{level: None, nonResourceURLs: [healthz]}]"))
        .hasMessage("rules[0].nonResourceURLs[0]: Invalid value: \"healthz\": non-resource URL rules must begin with a '/' character");
    assertThatThrownBy(() -> policy("omitStages: [Never]\nrules: [{level: None}]"))
        .hasMessage(
            "omitStages[0]: Invalid value: \"Never\": allowed stages are RequestReceived,ResponseStarted,ResponseComplete,Panic");
    assertThatThrownBy(() -> AuditPolicy.parse("apiVersion: v1\nkind: Pod".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
