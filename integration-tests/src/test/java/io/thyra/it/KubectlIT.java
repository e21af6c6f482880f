package io.thyra.it;

import static io.thyra.it.Kubectl.reading;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Unmodified kubectl against a server. Each test has a namespace of its own.
class KubectlIT {
  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: settings
        labels:
          app: web
      data:
        colour: red
        size: "1"
      """;

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 2
        selector:
          matchLabels:
            app: web
        template:
          metadata:
            labels:
              app: web
          spec:
            containers:
            - name: main
              image: registry.example/web:1
              ports:
              - containerPort: 8080
            - name: side
              image: registry.example/side:1
      """;

  private static Cluster cluster;

  private Kubectl kubectl;

  @BeforeAll
  static void open() {
    GoPrograms.build("kubectl");
    cluster = Cluster.open(KubectlIT.class);
  }

  @AfterAll
  static void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void namespace() {
    kubectl = Kubectl.on(cluster).namespaced("kubectl");
  }

  private Output kubectl(String... arguments) {
    return kubectl.run(arguments);
  }

  private Output apply(String manifest, String... more) {
    return kubectl.run(reading(manifest), List.of(List.of("apply", "-f", "-"), List.of(more)).stream().flatMap(List::stream).toArray(String[]::new));
  }

  /// A deployment and a replica set that belongs to it.
  private void deploymentWithReplicaSet() {
    apply(DEPLOYMENT).ok();
    String uid = kubectl("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}").ok().out();
    kubectl
        .run(
            reading(
                """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata:
                  name: web-1
                  labels: {app: web}
                  annotations: {deployment.kubernetes.io/revision: "1"}
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: Deployment, name: web, uid: %s, controller: true, blockOwnerDeletion: true}
                spec:
                  selector: {matchLabels: {app: web}}
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: main, image: "registry.example/web:1"}]}
                """
                    .formatted(uid)),
            "create",
            "-f",
            "-")
        .ok();
  }

  @Test
  void createsAndShowsAnObjectInEveryFormat() {
    kubectl("create", "configmap", "settings", "--from-literal=colour=red", "--from-literal=size=1").ok().is("configmap/settings created");
    kubectl("create", "configmap", "settings").fails(1).complains("configmaps \"settings\" already exists");
    kubectl("get", "cm", "settings").ok().matches("NAME +DATA +AGE\nsettings +2 +\\d+s");
    kubectl("get", "cm", "settings", "-o", "wide").ok().says("settings");
    kubectl("get", "cm", "settings", "-o", "yaml").ok().says("apiVersion: v1", "colour: red", "size: \"1\"", "kind: ConfigMap");
    assertThat(kubectl("get", "cm", "settings", "-o", "json").ok().json().at("/data/colour").asText()).isEqualTo("red");
    kubectl("get", "cm", "settings", "-o", "name").ok().is("configmap/settings");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.data.colour}").ok().is("red");
    kubectl("get", "cm", "settings", "-o", "custom-columns=N:.metadata.name,C:.data.colour").ok().matches("N +C\nsettings +red");
    kubectl("get", "cm", "settings", "-o", "go-template={{.metadata.name}}/{{len .data}}").ok().is("settings/2");
    kubectl("get", "cm", "settings", "--show-labels").ok().says("<none>");
    kubectl("get", "cm", "missing").fails(1).complains("Error from server (NotFound): configmaps \"missing\" not found");
    kubectl("get", "nonsense").fails(1).complains("the server doesn't have a resource type \"nonsense\"");
  }

  @Test
  void createsWithEveryGenerator() {
    kubectl("create", "secret", "generic", "s", "--from-literal=password=x").ok();
    kubectl("create", "deployment", "d", "--image=registry.example/d:1", "--replicas=3").ok();
    kubectl("create", "service", "clusterip", "c", "--tcp=80:8080").ok();
    kubectl("create", "service", "nodeport", "n", "--tcp=80").ok();
    kubectl("create", "service", "externalname", "e", "--external-name=example.com").ok();
    kubectl("create", "job", "j", "--image=registry.example/j:1").ok();
    kubectl("create", "cronjob", "cj", "--image=registry.example/j:1", "--schedule=*/5 * * * *").ok();
    kubectl("create", "ingress", "i", "--rule=example.com/*=c:80").ok();
    kubectl("create", "quota", "q", "--hard=pods=50").ok();
    kubectl("create", "role", "r", "--verb=get,list", "--resource=pods").ok();
    kubectl("create", "rolebinding", "rb", "--role=r", "--serviceaccount=" + kubectl.namespace() + ":default").ok();
    kubectl("create", "poddisruptionbudget", "p", "--selector=app=d", "--min-available=1").ok();
    kubectl("run", "pod", "--image=registry.example/p:1", "--restart=Never").ok();
    kubectl("expose", "deployment", "d", "--port=80").ok();
    kubectl("autoscale", "deployment", "d", "--min=1", "--max=5", "--cpu=80%").ok();
    kubectl("get", "secret,deployment,service,job,cronjob,ingress,quota,role,rolebinding,pdb,pod,hpa", "-o", "name")
        .ok()
        .says("secret/s", "deployment.apps/d", "service/c", "service/n", "service/e", "job.batch/j", "cronjob.batch/cj", "ingress.networking.k8s.io/i")
        .says("resourcequota/q", "role.rbac.authorization.k8s.io/r", "poddisruptionbudget.policy/p", "pod/pod", "horizontalpodautoscaler.autoscaling/d");
    kubectl("get", "service", "c", "-o", "wide").ok().matches("c +ClusterIP +10\\.96\\.\\d+\\.\\d+ +<none> +80/TCP +\\d+s +app=c");
    kubectl("get", "all").ok().says("deployment.apps/d", "pod/pod");
  }

  @Test
  void listsSortedSelectedAndInChunks() {
    for (String name : List.of("c", "a", "b")) {
      kubectl("create", "configmap", name, "--from-literal=n=" + name).ok();
    }
    kubectl("label", "configmap", "a", "b", "tier=front").ok();
    kubectl("get", "cm", "-l", "tier=front", "--sort-by=.metadata.creationTimestamp", "-o", "name").ok().says("configmap/a", "configmap/b").doesNotSay("configmap/c");
    kubectl("get", "cm", "-l", "tier notin (front)", "-o", "name").ok().says("configmap/c").doesNotSay("configmap/a");
    kubectl("get", "cm", "--field-selector=metadata.name=c", "-o", "name").ok().is("configmap/c");
    kubectl("get", "cm", "-l", "tier", "--sort-by={.metadata.name}", "--no-headers").ok().matches("(?s)^a .*\nb ");
    kubectl("get", "cm", "--chunk-size=1", "-o", "name").ok().says("configmap/a", "configmap/b", "configmap/c");
    kubectl("get", "cm", "-L", "tier", "-l", "tier").ok().says("TIER", "front");
    kubectl("get", "cm", "-A", "--field-selector=metadata.namespace=" + kubectl.namespace()).ok().says("NAMESPACE", kubectl.namespace());
    kubectl("get", "cm", "--field-selector=data.n=a").fails(1).complains("\"data.n\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
  }

  @Test
  void watches() {
    apply(CONFIG_MAP).ok();
    try (var watch = kubectl.start("get", "cm", "-l", "app=web", "--watch", "--output-watch-events")) {
      watch.awaitLine(line -> line.matches("ADDED +settings +2.*"));
      kubectl("patch", "cm", "settings", "-p", "{\"data\":{\"third\":\"3\"}}").ok();
      watch.awaitLine(line -> line.matches("MODIFIED +settings +3.*"));
      kubectl("delete", "cm", "settings").ok();
      watch.awaitLine(line -> line.matches("DELETED +settings +3.*"));
    }
  }

  @Test
  void describes() {
    apply(DEPLOYMENT).ok();
    kubectl("expose", "deployment", "web", "--port=80").ok();
    kubectl("run", "one", "--image=registry.example/p:1").ok();
    kubectl("describe", "deployment", "web").ok().says("Name:                   web", "Replicas:               2 desired", "Image:         registry.example/side:1");
    kubectl("describe", "service", "web").ok().matches("Selector: +app=web").matches("IP: +10\\.96\\.");
    kubectl("describe", "pod", "one").ok().matches("Service Account: +default").says("Node-Selectors", "kube-api-access-");
    kubectl("describe", "namespace", kubectl.namespace()).ok().matches("Status: +Active").says("No resource quota.");
    kubectl("describe", "serviceaccount", "default").ok().matches("Name: +default");
    kubectl("describe", "clusterrole", "system:discovery").ok().says("PolicyRule", "/openapi/*");
  }

  @Test
  void appliesOnTheClient() {
    apply(CONFIG_MAP).ok().is("configmap/settings created");
    apply(CONFIG_MAP).ok().is("configmap/settings unchanged");
    apply(CONFIG_MAP.replace("red", "blue").replace("  size: \"1\"\n", "")).ok().is("configmap/settings configured");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.data}").ok().is("{\"colour\":\"blue\"}");
    apply(CONFIG_MAP, "--dry-run=server").ok().is("configmap/settings configured (server dry run)");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.data}").ok().is("{\"colour\":\"blue\"}");
    kubectl("apply", "view-last-applied", "cm/settings").ok().says("colour: blue");
  }

  @Test
  void appliesOnTheServer() {
    apply(CONFIG_MAP, "--server-side").ok().is("configmap/settings serverside-applied");
    apply(CONFIG_MAP, "--server-side").ok().is("configmap/settings serverside-applied");
    apply(CONFIG_MAP.replace("red", "blue"), "--server-side", "--field-manager=other")
        .fails(1)
        .complains("Apply failed with 1 conflict: conflict with \"kubectl\"", ".data.colour");
    apply(CONFIG_MAP.replace("red", "blue"), "--server-side", "--field-manager=other", "--force-conflicts").ok();
    kubectl("get", "cm", "settings", "-o", "yaml", "--show-managed-fields").ok().says("manager: kubectl", "manager: other", "operation: Apply", "f:colour: {}");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.data.colour}").ok().is("blue");
  }

  @Test
  void showsNoDifferenceAfterApplying() {
    apply(DEPLOYMENT).ok();
    kubectl.run(reading(DEPLOYMENT), "diff", "-f", "-").ok().is("");
    kubectl.run(reading(DEPLOYMENT), "apply", "--server-side", "--force-conflicts", "-f", "-").ok();
    kubectl.run(reading(DEPLOYMENT), "diff", "--server-side", "-f", "-").ok().is("");
    kubectl.run(reading(DEPLOYMENT.replace("web:1", "web:2")), "diff", "-f", "-").fails(1).says("-      - image: registry.example/web:1", "+      - image: registry.example/web:2");
  }

  @Test
  void editsWithAnEditor() throws IOException {
    apply(CONFIG_MAP).ok();
    Path editor = cluster.home().resolve("editor.sh");
    Files.writeString(editor, "#!/bin/sh\nsed -i 's/colour: red/colour: green/' \"$1\"\n");
    Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
    Kubectl editing = kubectl.environment("KUBE_EDITOR", editor.toString());
    editing.run("edit", "cm", "settings").ok().is("configmap/settings edited");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.data.colour}").ok().is("green");
    assertThat(editing.run("edit", "cm", "settings").ok().err()).contains("Edit cancelled, no changes made.");
  }

  @Test
  void patchesWithEachType() {
    apply(DEPLOYMENT).ok();
    kubectl("patch", "deployment", "web", "-p", "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"registry.example/side:2\"}]}}}}").ok();
    kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}").ok().is("registry.example/web:1 registry.example/side:2");
    kubectl("patch", "deployment", "web", "--type=json", "-p", "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":5}]").ok();
    kubectl("patch", "deployment", "web", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}").ok();
    kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas} {.spec.paused}").ok().is("5 true");
    kubectl("patch", "deployment", "web", "--type=merge", "-p", "{\"spec\":{\"paused\":true}}").ok().is("deployment.apps/web patched (no change)");
    kubectl("patch", "deployment", "web", "--subresource=status", "--type=merge", "-p", "{\"status\":{\"replicas\":4}}").ok();
    kubectl("get", "deployment", "web", "-o", "jsonpath={.status.replicas}").ok().is("4");
    kubectl("patch", "deployment", "web", "--type=json", "-p", "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":6}]").fails(1);
    kubectl("patch", "deployment", "web", "-p", "{\"spec\":{\"replicas\":-1}}").fails(1).complains("spec.replicas: Invalid value: -1: must be greater than or equal to 0");
  }

  @Test
  void replaces() {
    apply(CONFIG_MAP).ok();
    kubectl.run(reading(CONFIG_MAP.replace("red", "blue")), "replace", "-f", "-").ok().is("configmap/settings replaced");
    String uid = kubectl("get", "cm", "settings", "-o", "jsonpath={.metadata.uid}").ok().out();
    kubectl.run(reading(CONFIG_MAP), "replace", "--force", "-f", "-").ok().says("deleted", "replaced");
    assertThat(kubectl("get", "cm", "settings", "-o", "jsonpath={.metadata.uid}").ok().out()).isNotEqualTo(uid);
    String old = kubectl("get", "cm", "settings", "-o", "yaml").ok().out();
    kubectl("annotate", "cm", "settings", "touched=yes").ok();
    kubectl.run(reading(old), "replace", "-f", "-").fails(1).complains("the object has been modified; please apply your changes to the latest version and try again");
  }

  @Test
  void labelsAndAnnotates() {
    apply(CONFIG_MAP).ok();
    kubectl("label", "cm", "settings", "tier=back").ok().is("configmap/settings labeled");
    kubectl("label", "cm", "settings", "tier=front").fails(1).complains("already has a value (back), and --overwrite is false");
    kubectl("label", "cm", "settings", "tier=front", "--overwrite").ok();
    kubectl("label", "cm", "settings", "tier-").ok().is("configmap/settings unlabeled");
    kubectl("label", "cm", "settings", "bad=white space").fails(1).complains("a valid label must be");
    kubectl("annotate", "cm", "settings", "note=some text").ok().is("configmap/settings annotated");
    kubectl("get", "cm", "settings", "-o", "jsonpath={.metadata.labels} {.metadata.annotations.note}").ok().is("{\"app\":\"web\"} some text");
  }

  @Test
  void scalesAndSetsImages() {
    apply(DEPLOYMENT).ok();
    kubectl("scale", "deployment", "web", "--replicas=7").ok().is("deployment.apps/web scaled");
    kubectl("scale", "deployment", "web", "--current-replicas=2", "--replicas=1").fails(1).complains("Expected replicas to be 2, was 7");
    kubectl("set", "image", "deployment/web", "main=registry.example/web:9").ok().is("deployment.apps/web image updated");
    kubectl("set", "env", "deployment/web", "-c", "main", "MODE=fast").ok();
    kubectl("set", "resources", "deployment/web", "-c", "main", "--limits=cpu=200m,memory=64Mi").ok();
    kubectl("set", "serviceaccount", "deployment/web", "default").ok();
    kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[0].value} {.spec.template.spec.containers[0].resources.limits.cpu} {.metadata.generation}")
        .ok()
        .is("7 registry.example/web:9 fast 200m 6");
  }

  @Test
  void rollsOut() {
    deploymentWithReplicaSet();
    kubectl("rollout", "history", "deployment/web").ok().says("REVISION", "1");
    kubectl("rollout", "restart", "deployment/web").ok().is("deployment.apps/web restarted");
    kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.template.metadata.annotations}").ok().says("kubectl.kubernetes.io/restartedAt");
    kubectl("rollout", "pause", "deployment/web").ok();
    kubectl("rollout", "resume", "deployment/web").ok();
    kubectl("patch", "deployment", "web", "--subresource=status", "--type=merge", "-p",
            "{\"status\":{\"observedGeneration\":99,\"replicas\":2,\"updatedReplicas\":2,\"readyReplicas\":2,\"availableReplicas\":2}}").ok();
    kubectl("rollout", "status", "deployment/web", "--timeout=20s").ok().says("successfully rolled out");
  }

  @Test
  void deletesDependentsInTheBackground() {
    Cluster.needsControllers();
    deploymentWithReplicaSet();
    kubectl("delete", "deployment", "web", "--cascade=background").ok().says("deployment.apps \"web\" deleted");
    kubectl("wait", "--for=delete", "replicaset/web-1", "--timeout=30s").ok();
  }

  @Test
  void orphansDependents() {
    Cluster.needsControllers();
    deploymentWithReplicaSet();
    kubectl("delete", "deployment", "web", "--cascade=orphan").ok();
    kubectl("get", "deployment", "web").fails(1);
    kubectl("get", "replicaset", "web-1", "-o", "jsonpath={.metadata.ownerReferences}").ok().is("");
  }

  @Test
  void deletesDependentsFirst() {
    Cluster.needsControllers();
    deploymentWithReplicaSet();
    kubectl("delete", "deployment", "web", "--cascade=foreground", "--timeout=30s").ok();
    kubectl("get", "deployment,replicaset", "-o", "name").ok().is("");
  }

  @Test
  void deletesSelectedAndAll() {
    for (String name : List.of("a", "b", "c")) {
      kubectl("create", "configmap", name).ok();
    }
    kubectl("label", "cm", "a", "go=now").ok();
    kubectl("delete", "cm", "-l", "go=now").ok().says("configmap \"a\" deleted");
    kubectl("delete", "cm", "b", "c", "--wait=false").ok();
    kubectl("delete", "cm", "b").fails(1).complains("NotFound");
    kubectl("delete", "cm", "b", "--ignore-not-found").ok();
  }

  @Test
  void deletesAPodWithoutANodeAtOnce() {
    kubectl("run", "one", "--image=registry.example/p:1").ok();
    kubectl("delete", "pod", "one", "--timeout=20s").ok();
    kubectl("run", "two", "--image=registry.example/p:1").ok();
    kubectl("delete", "pod", "two", "--force", "--grace-period=0").ok();
    kubectl("get", "pods", "-o", "name").ok().is("");
  }

  @Test
  void waitsForConditionsAndFields() {
    apply(CONFIG_MAP).ok();
    kubectl("wait", "--for=jsonpath={.data.colour}=red", "cm/settings", "--timeout=5s").ok().says("condition met");
    kubectl("wait", "--for=create", "cm/settings", "--timeout=5s").ok();
    kubectl("wait", "--for=jsonpath={.data.colour}=blue", "cm/settings", "--timeout=1s").fails(1).complains("timed out waiting for the condition");
    apply(DEPLOYMENT).ok();
    try (var wait = kubectl.start("wait", "--for=condition=Available", "deployment/web", "--timeout=20s")) {
      kubectl("patch", "deployment", "web", "--subresource=status", "--type=merge", "-p", "{\"status\":{\"conditions\":[{\"type\":\"Available\",\"status\":\"True\"}]}}").ok();
      wait.awaitLine(line -> line.equals("deployment.apps/web condition met"));
    }
  }

  @Test
  void explains() {
    kubectl("explain", "deployment.spec.strategy").ok().says("GROUP:      apps", "KIND:       Deployment", "FIELD: strategy <DeploymentStrategy>", "rollingUpdate\t<RollingUpdateDeployment>");
    kubectl("explain", "pod", "--recursive").ok().says("restartPolicy\t<string>", "enum: Always, Never, OnFailure");
    kubectl("explain", "customresourcedefinition.spec.versions").ok().says("additionalPrinterColumns");
    kubectl("explain", "configmap.nothing").fails(1).complains("field \"nothing\" does not exist");
  }

  @Test
  void discovers() {
    kubectl("api-resources").ok().matches("configmaps +cm +v1 +true +ConfigMap").matches("deployments +deploy +apps/v1 +true +Deployment").matches("nodes +no +v1 +false +Node");
    kubectl("api-resources", "--verbs=list", "--namespaced", "-o", "name").ok().says("deployments.apps", "leases.coordination.k8s.io").doesNotSay("nodes");
    kubectl("api-resources", "--categories=all", "-o", "name").ok().says("pods", "jobs.batch");
    kubectl("api-versions").ok().says("apps/v1\n", "apiextensions.k8s.io/v1\n", "apiregistration.k8s.io/v1\n", "rbac.authorization.k8s.io/v1\n", "v1\n");
    kubectl("cluster-info").ok().says("Kubernetes control plane").says("is running at");
    kubectl("version").ok().matches("Client Version: v1\\.36").matches("Server Version: v1\\.36\\.3");
    assertThat(kubectl("version", "-o", "json").ok().json().at("/serverVersion/minor").asText()).isEqualTo("36");
  }

  @Test
  void asksWhatAUserMayDo() {
    kubectl("auth", "can-i", "create", "pods").ok().is("yes");
    kubectl("auth", "can-i", "get", "secrets", "--as=alice").fails(1).is("no");
    kubectl("create", "role", "reader", "--verb=get", "--resource=secrets").ok();
    kubectl("create", "rolebinding", "reader", "--role=reader", "--user=alice").ok();
    Eventually.holds(() -> kubectl("auth", "can-i", "get", "secrets", "--as=alice").ok().is("yes"));
    kubectl("auth", "can-i", "--list", "--as=alice").ok().matches("secrets +\\[\\] +\\[\\] +\\[get\\]");
    kubectl("get", "secret", "none", "--as=alice").fails(1).complains("NotFound");
    kubectl("get", "pods", "--as=alice").fails(1).complains("Error from server (Forbidden): pods is forbidden: User \"alice\" cannot list resource \"pods\" in API group \"\" in the namespace \"" + kubectl.namespace() + "\"");
    kubectl("auth", "whoami").ok().says("Username", "system:masters");
    kubectl("auth", "whoami", "--as=alice", "--as-group=team", "-o", "jsonpath={.status.userInfo.username} {.status.userInfo.groups}").ok().is("alice [\"team\",\"system:authenticated\"]");
    kubectl
        .run(
            reading("apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reconciled, namespace: " + kubectl.namespace() + "}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n"),
            "auth", "reconcile", "-f", "-")
        .ok()
        .says("reconciled");
  }

  @Test
  void createsTokensThatTheServerKnows() {
    String token = kubectl("create", "token", "default", "--duration=20m").ok().matches("^[\\w-]+\\.[\\w-]+\\.[\\w-]+").out().strip();
    kubectl.run(reading("{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: " + token + "}}"), "create", "-f", "-", "-o", "jsonpath={.status.user.username}")
        .ok()
        .is("system:serviceaccount:" + kubectl.namespace() + ":default");
    kubectl("create", "token", "nobody").fails(1).complains("serviceaccounts \"nobody\" not found");
  }

  @Test
  void approvesCertificates() {
    kubectl("create", "-f", "manifests/certificate-request.yaml").ok();
    try {
      kubectl("get", "csr", "it-user").ok().matches("it-user +\\d+s +kubernetes.io/kube-apiserver-client +\\S+ +<none> +Pending");
      kubectl("certificate", "approve", "it-user").ok().says("certificatesigningrequest.certificates.k8s.io/it-user approved");
      kubectl("get", "csr", "it-user", "-o", "jsonpath={.status.conditions[*].type}").ok().is("Approved");
      kubectl("certificate", "deny", "it-user").fails(1);
    } finally {
      kubectl("delete", "csr", "it-user").ok();
    }
  }

  @Test
  void readsRawPaths() {
    kubectl("get", "--raw", "/readyz").ok().is("ok");
    kubectl("get", "--raw", "/livez?verbose").ok().says("livez check passed");
    kubectl("get", "--raw", "/version").ok().says("\"gitVersion\": \"v1.36.3");
    assertThat(kubectl("get", "--raw", "/api/v1/namespaces/" + kubectl.namespace() + "/configmaps").ok().json().at("/kind").asText()).isEqualTo("ConfigMapList");
    kubectl("get", "--raw", "/openapi/v3").ok().says("apis/apps/v1");
    kubectl("get", "--raw", "/metrics").ok().says("apiserver_request_total");
    kubectl("get", "--raw", "/nothing").fails(1).complains("NotFound");
  }

  @Test
  void furnishesANamespace() {
    Cluster.needsControllers();
    Eventually.holds(() -> kubectl("get", "cm", "kube-root-ca.crt", "-o", "jsonpath={.data}").ok().says("BEGIN CERTIFICATE"));
    kubectl("get", "serviceaccount", "default").ok();
    kubectl("delete", "serviceaccount", "default").ok();
    Eventually.holds(() -> kubectl("get", "serviceaccount", "default").ok());
  }

  @Test
  void deletesANamespaceWithAllThatIsInIt() {
    Cluster.needsControllers();
    apply(DEPLOYMENT).ok();
    apply(CONFIG_MAP).ok();
    kubectl("run", "one", "--image=registry.example/p:1").ok();
    kubectl("delete", "namespace", kubectl.namespace(), "--timeout=40s").ok();
    kubectl("get", "namespace", kubectl.namespace()).fails(1).complains("NotFound");
    kubectl("create", "namespace", kubectl.namespace()).ok();
    kubectl("get", "deployments,pods", "-o", "name").ok().is("");
  }

  @Test
  void refusesWhatDoesNotFitTheSchema() {
    apply(DEPLOYMENT.replace("replicas: 2", "replicaz: 2")).fails(1).complains("strict decoding error: unknown field \"spec.replicaz\"");
    apply(DEPLOYMENT.replace("replicas: 2", "replicas: two")).fails(1);
    apply(DEPLOYMENT.replace("    matchLabels:\n      app: web", "    matchLabels:\n      app: other")).fails(1).complains("`selector` does not match template `labels`");
    apply(DEPLOYMENT.replace("replicas: 2", "replicaz: 2"), "--validate=warn").ok();
  }
}
