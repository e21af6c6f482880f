package io.thyra.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class RbacPolicyTest {
  private final RbacPolicy policy = new RbacPolicy();
  private final Authorizer authorizer = Modes.chain(List.of("RBAC"), policy, new NodeGraph());
  private final UserInfo alice = new UserInfo("alice", "", List.of("dev", UserInfo.AUTHENTICATED));

  private static AuthorizationAttributes pods(UserInfo user, String verb, String namespace, String name) {
    return AuthorizationAttributes.resource(user, verb, "", "v1", "pods", "", namespace, name);
  }

  private static ObjectValue role(String namespace, String name, PolicyRule rule) {
    return ObjectValue.of("metadata", named(namespace, name), "rules", ListValue.of(rule.toValue()));
  }

  private static ObjectValue binding(String namespace, String name, String roleKind, String role, String subjectKind, String subject) {
    return ObjectValue.builder()
        .put("metadata", named(namespace, name))
        .put("subjects", ListValue.of(ObjectValue.builder().put("kind", subjectKind).put("name", subject).build()))
        .put("roleRef", ObjectValue.builder().put("kind", roleKind).put("name", role).build())
        .build();
  }

  private static ObjectValue named(String namespace, String name) {
    return ObjectValue.builder().put("name", name).put("namespace", namespace).build();
  }

  private static PolicyRule rule(String verb, String resource, String... names) {
    return new PolicyRule(List.of(verb), List.of(""), List.of(resource), List.of(names), List.of());
  }

  @Test
  void allowsInTheNamespaceOfTheBindingAlone() {
    policy.putRole(role("ns", "reader", rule("get", "pods")));
    policy.putBinding(binding("ns", "b", "Role", "reader", "Group", "dev"));
    assertThat(authorizer.authorize(pods(alice, "get", "ns", "p")).reason())
        .isEqualTo("RBAC: allowed by RoleBinding \"b/ns\" of Role \"reader\" to Group \"dev\"");
    assertThat(authorizer.authorize(pods(alice, "get", "other", "p")).allowed()).isFalse();
    assertThat(authorizer.authorize(pods(alice, "list", "ns", "")).allowed()).isFalse();
  }

  @Test
  void limitsToResourceNames() {
    policy.putClusterRole(role("", "one", rule("get", "pods", "p1")));
    policy.putBinding(binding("", "b", "ClusterRole", "one", "User", "alice"));
    assertThat(authorizer.authorize(pods(alice, "get", "ns", "p1")).allowed()).isTrue();
    assertThat(authorizer.authorize(pods(alice, "get", "ns", "p2")).allowed()).isFalse();
  }

  @Test
  void namesTheRoleThatIsMissing() {
    policy.putBinding(binding("", "b", "ClusterRole", "gone", "User", "alice"));
    assertThat(authorizer.authorize(pods(alice, "get", "ns", "p")).reason())
        .isEqualTo("RBAC: clusterrole.rbac.authorization.k8s.io \"gone\" not found");
  }

  @Test
  void forgetsARemovedBinding() {
    policy.putClusterRole(role("", "all", rule("*", "*")));
    policy.putBinding(binding("", "b", "ClusterRole", "all", "ServiceAccount", "x"));
    policy.putBinding(binding("", "b", "ClusterRole", "all", "User", "alice"));
    assertThat(authorizer.authorize(pods(alice, "delete", "", "p")).allowed()).isTrue();
    policy.removeBinding("", "b");
    assertThat(authorizer.authorize(pods(alice, "delete", "", "p")).allowed()).isFalse();
  }

  @Test
  void matchesServiceAccountsByTheirUserName() {
    policy.putRole(role("ns", "reader", rule("get", "pods")));
    policy.putBinding(binding("ns", "b", "Role", "reader", "ServiceAccount", "robot"));
    UserInfo robot = new UserInfo("system:serviceaccount:ns:robot", "", List.of());
    assertThat(authorizer.authorize(pods(robot, "get", "ns", "p")).allowed()).isTrue();
  }

  @Test
  void tellsWhichRightsAreNotHeld() {
    policy.putRole(role("ns", "reader", rule("get", "pods")));
    policy.putBinding(binding("ns", "b", "Role", "reader", "User", "alice"));
    assertThat(policy.findEscalation(alice, "ns", List.of(rule("get", "pods", "p")))).isEmpty();
    PolicyRule wanted = new PolicyRule(List.of("get", "list"), List.of(""), List.of("pods", "secrets"), List.of(), List.of());
    assertThat(policy.findEscalation(alice, "ns", List.of(wanted)).orElseThrow())
        .isEqualTo(
            "user \"alice\" (groups=[\"dev\" \"system:authenticated\"]) is attempting to grant RBAC permissions not currently held:\n"
                + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"list\"]}\n"
                + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\"]}");
  }

  @Test
  void readsTheWholeBootstrapPolicy() {
    List<ObjectValue> objects = BootstrapPolicy.objects();
    assertThat(objects).hasSizeGreaterThan(130);
    ObjectValue admin = objects.stream().filter(o -> o.string("metadata", "name").equals("cluster-admin")).findFirst().orElseThrow();
    assertThat(PolicyRule.ofRole(admin)).hasSize(2);
  }

  @Test
  void matchesPathsByPrefix() {
    policy.putClusterRole(
        role("", "urls", new PolicyRule(List.of("get"), List.of(), List.of(), List.of(), List.of("/healthz", "/openapi/*"))));
    policy.putBinding(binding("", "b", "ClusterRole", "urls", "User", "alice"));
    assertThat(authorizer.authorize(AuthorizationAttributes.nonResource(alice, "get", "/openapi/v2")).allowed()).isTrue();
    assertThat(authorizer.authorize(AuthorizationAttributes.nonResource(alice, "get", "/healthz/ping")).allowed()).isFalse();
  }
}
