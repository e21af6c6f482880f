package io.thyra.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlowSchemasTest {
  private static final UserInfo ROBOT = new UserInfo("system:serviceaccount:ns1:robot", "", List.of("system:authenticated"));
  private static final UserInfo ALICE = new UserInfo("alice", "", List.of("system:authenticated", "dev"));

  private final FlowSchemas schemas = new FlowSchemas();

  @Test
  void takesTheLowestPrecedenceAndThenTheFirstName() {
    schemas.update(
        List.of(
            schema("b", 500, "low", subject("Group", "dev"), anyResource()),
            schema("a", 500, "low", subject("Group", "dev"), anyResource()),
            schema("all", 10000, "low", subject("Group", "*"), anyResource())),
        List.of(level("low")));
    assertThat(name(ALICE, get("ns1"))).isEqualTo("a");
    assertThat(name(ROBOT, get("ns1"))).isEqualTo("all");
  }

  @Test
  void leavesOutSchemasOfMissingLevels() {
    schemas.update(
        List.of(schema("a", 1, "gone", subject("Group", "*"), anyResource()), schema("b", 2, "low", subject("Group", "*"), anyResource())),
        List.of(level("low")));
    assertThat(name(ALICE, get("ns1"))).isEqualTo("b");
  }

  @Test
  void matchesServiceAccountsOfANamespace() {
    ObjectValue robots =
        ObjectValue.builder()
            .put("kind", new StringValue("ServiceAccount"))
            .put("serviceAccount", ObjectValue.of("namespace", new StringValue("ns1"), "name", new StringValue("*")))
            .build();
    schemas.update(List.of(schema("robots", 1, "low", robots, anyResource())), List.of(level("low")));
    assertThat(name(ROBOT, get("ns1"))).isEqualTo("robots");
    assertThat(name(new UserInfo("system:serviceaccount:ns11:robot", "", List.of()), get("ns1"))).isEmpty();
    assertThat(name(ALICE, get("ns1"))).isEmpty();
  }

  @Test
  void keepsClusterScopeApartFromNamespaces() {
    schemas.update(List.of(schema("a", 1, "low", subject("User", "alice"), anyResource())), List.of(level("low")));
    assertThat(name(ALICE, get(""))).isEmpty();
    assertThat(name(ALICE, get("x"))).isEqualTo("a");
  }

  @Test
  void matchesPathsByPrefixSegment() {
    ObjectValue rule =
        ObjectValue.builder()
            .put("subjects", new ListValue(List.of(subject("User", "*"))))
            .put("nonResourceRules", new ListValue(List.of(ObjectValue.of("verbs", list("*"), "nonResourceURLs", list("/livez", "/ready*")))))
            .build();
    schemas.update(List.of(schema("probes", 1, "low", rule)), List.of(level("low")));
    assertThat(name(ALICE, RequestInfo.nonResource("/livez/ping", "get"))).isEqualTo("probes");
    assertThat(name(ALICE, RequestInfo.nonResource("/livezping", "get"))).isEmpty();
    assertThat(name(ALICE, RequestInfo.nonResource("/ready/x", "get"))).isEqualTo("probes");
  }

  private String name(UserInfo user, RequestInfo info) {
    return schemas.classify(user, info).map(FlowControl.Classified::flowSchema).orElse("");
  }

  private static RequestInfo get(String namespace) {
    return new RequestInfo(true, "/", "get", "api", "", "v1", namespace, "pods", "", "p");
  }

  private static ObjectValue level(String name) {
    return ObjectValue.of("metadata", ObjectValue.of("name", new StringValue(name), "uid", new StringValue("uid-" + name)));
  }

  private static ObjectValue schema(String name, int precedence, String level, ObjectValue subject, ObjectValue resources) {
    return schema(
        name,
        precedence,
        level,
        ObjectValue.of("subjects", new ListValue(List.of(subject)), "resourceRules", new ListValue(List.of(resources))));
  }

  private static ObjectValue schema(String name, int precedence, String level, ObjectValue rule) {
    return ObjectValue.builder()
        .put("metadata", ObjectValue.of("name", new StringValue(name), "uid", new StringValue("uid-" + name)))
        .put(
            "spec",
            ObjectValue.builder()
                .put("matchingPrecedence", precedence)
                .put("priorityLevelConfiguration", ObjectValue.of("name", new StringValue(level)))
                .put("rules", new ListValue(List.of(rule)))
                .build())
        .build();
  }

  private static ObjectValue subject(String kind, String name) {
    return ObjectValue.builder().put("kind", kind).put(kind.toLowerCase(java.util.Locale.ROOT), ObjectValue.of("name", new StringValue(name))).build();
  }

  private static ObjectValue anyResource() {
    return ObjectValue.builder()
        .put("verbs", list("*"))
        .put("apiGroups", list("*"))
        .put("resources", list("*"))
        .put("namespaces", list("*"))
        .build();
  }

  private static ListValue list(String... words) {
    return new ListValue(Stream.of(words).<Value>map(StringValue::new).toList());
  }
}
