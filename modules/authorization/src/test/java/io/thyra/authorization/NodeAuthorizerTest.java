package io.thyra.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.JsonReader;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.AuthorizationAttributes.Requirement;
import io.thyra.model.Authorizer.Decision;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeAuthorizerTest {
  private static final UserInfo NODE = new UserInfo("system:node:n1", "", List.of("system:nodes"));

  private final NodeGraph graph = new NodeGraph();
  private final NodeAuthorizer authorizer = new NodeAuthorizer(graph);

  private static ObjectValue json(String text) {
    return (ObjectValue) JsonReader.read(text);
  }

  private Decision ask(String verb, String group, String resource, String subresource, String namespace, String name) {
    return authorizer.authorize(AuthorizationAttributes.resource(NODE, verb, group, "v1", resource, subresource, namespace, name));
  }

  private Decision get(String resource, String name) {
    return ask("get", "", resource, "", "ns", name);
  }

  private static ObjectValue pod(String name, String node, String spec) {
    return json("{\"metadata\":{\"namespace\":\"ns\",\"name\":\"" + name + "\"},\"spec\":{\"nodeName\":\"" + node + "\"" + spec + "}}");
  }

  @Test
  void hasNoOpinionAboutOthers() {
    var other = new UserInfo("system:node:n1", "", List.of("others"));
    assertThat(authorizer.authorize(AuthorizationAttributes.resource(other, "get", "", "v1", "services", "", "ns", "s")))
        .isEqualTo(Decision.NO_OPINION);
  }

  @Test
  void allowsWhatEveryNodeMay() {
    assertThat(get("services", "s").allowed()).isTrue();
    assertThat(ask("list", "apps", "deployments", "", "ns", "")).isEqualTo(Decision.NO_OPINION);
  }

  @Test
  void allowsWhatAPodOfTheNodeNames() {
    String spec =
        """
        ,"serviceAccountName":"robot","imagePullSecrets":[{"name":"pull"}],
        "containers":[{"name":"c","envFrom":[{"secretRef":{"name":"env"}}],"env":[{"name":"E","valueFrom":{"configMapKeyRef":{"name":"one"}}}]}],
        "volumes":[{"name":"a","secret":{"secretName":"vol"}},{"name":"b","projected":{"sources":[{"configMap":{"name":"later"}}]}},
        {"name":"c","persistentVolumeClaim":{"claimName":"claim"}},{"name":"d","ephemeral":{}}]""";
    graph.putPod(pod("p", "n1", spec));
    for (String secret : List.of("pull", "env", "vol")) {
      assertThat(get("secrets", secret).allowed()).as(secret).isTrue();
    }
    assertThat(get("configmaps", "one").allowed()).isTrue();
    assertThat(get("configmaps", "later").allowed()).isTrue();
    assertThat(get("persistentvolumeclaims", "claim").allowed()).isTrue();
    assertThat(get("persistentvolumeclaims", "p-d").allowed()).isTrue();
    assertThat(get("serviceaccounts", "robot").allowed()).isTrue();
    assertThat(ask("create", "", "serviceaccounts", "token", "ns", "robot").allowed()).isTrue();
    assertThat(get("pods", "p").allowed()).isTrue();
    assertThat(get("secrets", "other").reason()).isEqualTo("no relationship found between node 'n1' and this object");
  }

  @Test
  void keepsAnObjectAsLongAsAnyPodNamesIt() {
    String spec = ",\"imagePullSecrets\":[{\"name\":\"pull\"}]";
    graph.putPod(pod("a", "n1", spec));
    graph.putPod(pod("b", "n1", spec));
    graph.putPod(pod("b", "n1", spec));
    graph.removePod("ns", "a");
    assertThat(get("secrets", "pull").allowed()).isTrue();
    graph.removePod("ns", "b");
    assertThat(get("secrets", "pull").allowed()).isFalse();
  }

  @Test
  void tellsNodesApart() {
    graph.putPod(pod("a", "n2", ",\"imagePullSecrets\":[{\"name\":\"pull\"}]"));
    assertThat(get("secrets", "pull").allowed()).isFalse();
  }

  @Test
  void giveNothingToANodeByItsOwnMirrorPods() {
    graph.putPod(
        json(
            "{\"metadata\":{\"namespace\":\"ns\",\"name\":\"m\",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}},"
                + "\"spec\":{\"nodeName\":\"n1\",\"imagePullSecrets\":[{\"name\":\"pull\"}]}}"));
    assertThat(get("secrets", "pull").allowed()).isFalse();
    assertThat(get("pods", "m").allowed()).isTrue();
  }

  @Test
  void followsAVolumeToTheClaimOfAPod() {
    graph.putPod(pod("p", "n1", ",\"volumes\":[{\"name\":\"c\",\"persistentVolumeClaim\":{\"claimName\":\"claim\"}}]"));
    ObjectValue volume =
        json(
            "{\"metadata\":{\"name\":\"v\"},\"spec\":{\"claimRef\":{\"namespace\":\"ns\",\"name\":\"claim\"},"
                + "\"csi\":{\"nodeStageSecretRef\":{\"namespace\":\"storage\",\"name\":\"s\"},\"controllerPublishSecretRef\":{\"namespace\":\"storage\",\"name\":\"c\"}}}}");
    graph.putVolume(volume);
    assertThat(ask("get", "", "persistentvolumes", "", "", "v").allowed()).isTrue();
    assertThat(ask("get", "", "secrets", "", "storage", "s").allowed()).isTrue();
    assertThat(ask("get", "", "secrets", "", "storage", "c").allowed()).isFalse();
    graph.removeVolume("v");
    assertThat(ask("get", "", "persistentvolumes", "", "", "v").allowed()).isFalse();
    assertThat(ask("get", "", "secrets", "", "storage", "s").allowed()).isFalse();
  }

  @Test
  void saysHowEachResourceMayBeUsed() {
    assertThat(ask("list", "", "persistentvolumeclaims", "", "ns", "").reason())
        .isEqualTo("can only get individual resources of this type");
    assertThat(ask("update", "", "secrets", "", "ns", "s").reason()).isEqualTo("can only read resources of this type");
    assertThat(ask("list", "", "secrets", "", "ns", "").reason()).isEqualTo("No Object name found");
    assertThat(ask("get", "coordination.k8s.io", "leases", "", "default", "n1").reason())
        .isEqualTo("can only access leases in the \"kube-node-lease\" system namespace");
    assertThat(ask("get", "storage.k8s.io", "csinodes", "", "", "n2").reason())
        .isEqualTo("can only access CSINode with the same name as the requesting node");
    assertThat(ask("get", "", "nodes", "", "", "n2").reason()).isEqualTo("node 'n1' cannot read 'n2', only its own Node object");
    assertThat(ask("update", "", "nodes", "", "", "n2").allowed()).isTrue();
  }

  @Test
  void listsPodsOfTheNodeAlone() {
    var own = List.of(new Requirement("spec.nodeName", "In", List.of("n1")));
    var asked =
        new AuthorizationAttributes(NODE, "list", "", "v1", "pods", "", "", "", "", true, own, List.of());
    assertThat(authorizer.authorize(asked).allowed()).isTrue();
    assertThat(ask("list", "", "pods", "", "ns", "").reason()).isEqualTo("can only list/watch pods with spec.nodeName field selector");
  }
}
