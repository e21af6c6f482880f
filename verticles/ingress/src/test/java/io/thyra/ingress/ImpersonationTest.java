package io.thyra.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImpersonationTest {
  private static final RequestInfo LIST = new RequestInfo(true, "/", "list", "api", "", "v1", "ns", "configmaps", "", "");
  private static final UserInfo ROBOT = new UserInfo("robot", "", List.of());

  @Test
  void leavesRequestsWithoutHeadersAlone() {
    assertThat(impersonation().impersonate(ROBOT, LIST, headers())).isEmpty();
  }

  @Test
  void allowsANamedUserByConstrainedRights() {
    var acting =
        impersonation("impersonate-on:user-info:list configmaps ", "impersonate:user-info users erin")
            .impersonate(ROBOT, LIST, headers("Impersonate-User", "erin"))
            .orElseThrow();
    assertThat(acting.user()).isEqualTo(new UserInfo("erin", "", List.of("system:authenticated")));
    assertThat(acting.constraint()).isEqualTo("impersonate:user-info");
  }

  @Test
  void fallsBackToTheOldRight() {
    var acting =
        impersonation("impersonate users erin", "impersonate groups dev", "impersonate userextras/scopes s", "impersonate uids u1")
            .impersonate(
                ROBOT,
                LIST,
                headers("Impersonate-User", "erin", "Impersonate-Group", "dev", "Impersonate-Extra-scopes", "s", "Impersonate-Uid", "u1"))
            .orElseThrow();
    assertThat(acting.user()).isEqualTo(new UserInfo("erin", "u1", List.of("dev", "system:authenticated"), Map.of("scopes", List.of("s"))));
    assertThat(acting.constraint()).isEmpty();
  }

  @Test
  void refusesInTheWordsOfTheWayThatWorkedLast() {
    Impersonation impersonation = impersonation("impersonate users erin");
    assertThat(impersonation.impersonate(ROBOT, LIST, headers("Impersonate-User", "erin"))).isPresent();
    assertThatThrownBy(() -> impersonation.impersonate(ROBOT, LIST, headers("Impersonate-User", "dave")))
        .hasMessage(
            "users \"dave\" is forbidden: User \"robot\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope");
  }

  @Test
  void tellsTheFirstRefusal() {
    assertThatThrownBy(
            () ->
                impersonation("impersonate-on:user-info:list configmaps ", "impersonate:user-info users erin")
                    .impersonate(ROBOT, LIST, headers("Impersonate-User", "erin", "Impersonate-Group", "other")))
        .hasMessage(
            "groups.authentication.k8s.io \"other\" is forbidden: User \"robot\" cannot impersonate:user-info resource \"groups\" in API"
                + " group \"authentication.k8s.io\" at the cluster scope");
    assertThatThrownBy(() -> impersonation().impersonate(ROBOT, LIST, headers("Impersonate-User", "system:node:n1")))
        .hasMessage(
            "configmaps is forbidden: User \"robot\" cannot impersonate-on:arbitrary-node:list resource \"configmaps\" in API group \"\""
                + " in the namespace \"ns\"");
  }

  @Test
  void namesServiceAccountsAndTheirGroups() {
    var acting =
        impersonation("impersonate-on:serviceaccount:list configmaps ", "impersonate:serviceaccount serviceaccounts r")
            .impersonate(ROBOT, LIST, headers("Impersonate-User", "system:serviceaccount:ns1:r"))
            .orElseThrow();
    assertThat(acting.user().groups())
        .containsExactly("system:serviceaccounts", "system:serviceaccounts:ns1", "system:authenticated");
  }

  @Test
  void neverGivesMastersByConstrainedRights() {
    assertThatThrownBy(
            () ->
                impersonation("impersonate-on:user-info:list configmaps ", "impersonate:user-info users erin")
                    .impersonate(ROBOT, LIST, headers("Impersonate-User", "erin", "Impersonate-Group", "system:masters")))
        .hasMessageEndingWith("at the cluster scope: impersonating the system:masters group is not allowed");
  }

  @Test
  void keepsAnonymousUnauthenticated() {
    var acting =
        impersonation("impersonate users system:anonymous").impersonate(ROBOT, LIST, headers("Impersonate-User", "system:anonymous")).orElseThrow();
    assertThat(acting.user().groups()).containsExactly("system:unauthenticated");
  }

  /// Allows what is listed as `verb resource[/subresource] name`.
  private static Impersonation impersonation(String... allowed) {
    Set<String> rights = Stream.of(allowed).collect(Collectors.toSet());
    return new Impersonation(
        asked -> rights.contains(text(asked)) ? new Authorizer.Decision.Allow("") : Authorizer.Decision.NO_OPINION,
        new ImpersonationMemory());
  }

  private static String text(AuthorizationAttributes asked) {
    String resource = asked.subresource().isEmpty() ? asked.resource() : asked.resource() + "/" + asked.subresource();
    return asked.verb() + " " + resource + " " + asked.name();
  }

  private static MultiMap headers(String... pairs) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }
}
