package io.thyra.admission;

import static io.thyra.admission.Cluster.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.admission.SecurityLevel.Level;
import io.thyra.admission.SecurityLevel.Policy;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSecurityTest {
  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final String GOOD =
      "securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},"
          + " containers: [{name: c, image: i, securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]";
  private final Cluster cluster = new Cluster();

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String verdict(Level level, int minor, String annotations, String spec) {
    ObjectValue pod = Cluster.object("pods", "{metadata: {name: p, annotations: " + annotations + "}, spec: {" + spec + "}}");
    return PodChecks.check(new SecurityLevel(level, minor), pod.object("metadata"), pod.object("spec")).details();
  }

  private static String baseline(int minor, String spec) {
    return verdict(Level.BASELINE, minor, "{}", spec);
  }

  private static String container(String fields) {
    return "containers: [{name: c, image: i, " + fields + "}]";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostNetwork: true, hostPID: true | host namespaces (hostNetwork=true, hostPID=true)
          volumes: [{name: v, hostPath: {path: /}}] | hostPath volumes (volume "v")
          securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]} | forbidden sysctls (kernel.msgmax)
          securityContext: {seLinuxOptions: {type: spc_t, user: u}} | seLinuxOptions (pod set forbidden \
          securityContext.seLinuxOptions: type "spc_t"; user may not be set)
          securityContext: {windowsOptions: {hostProcess: true}} | hostProcess (pod must not set \
          securityContext.windowsOptions.hostProcess=true)
          securityContext: {seccompProfile: {type: Unconfined}} | seccompProfile (pod must not set \
          securityContext.seccompProfile.type to "Unconfined")
          securityContext: {appArmorProfile: {type: Unconfined}} | forbidden AppArmor profile (pod must not set AppArmor profile \
          type to "Unconfined")
          """)
  void findsWhatPodsHaveOfTheirHost(String spec, String violation) {
    assertThat(baseline(SecurityLevel.LATEST, spec + ", containers: [{name: c, image: i}]")).isEqualTo(violation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          securityContext: {privileged: true} | privileged (container "c" must not set securityContext.privileged=true)
          securityContext: {capabilities: {add: [NET_RAW, CHOWN]}} | non-default capabilities (container "c" must not include \
          "NET_RAW" in securityContext.capabilities.add)
          securityContext: {procMount: Unmasked} | procMount (container "c" must not set securityContext.procMount to "Unmasked")
          ports: [{containerPort: 1, hostPort: 80}, {containerPort: 2, hostPort: 443}] | hostPort (container "c" uses hostPorts 443, 80)
          livenessProbe: {httpGet: {host: h, port: 1}} | probe or lifecycle host (container "c" uses probe or lifecycle host "h")
          """)
  void findsWhatContainersMayNot(String fields, String violation) {
    assertThat(baseline(SecurityLevel.LATEST, container(fields))).isEqualTo(violation);
  }

  @Test
  void asksWhatTheVersionAsks() {
    String probe = container("livenessProbe: {httpGet: {host: h, port: 1}}");
    assertThat(baseline(33, probe)).isEmpty();
    assertThat(baseline(34, probe)).isNotEmpty();
    String sysctl = "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: \"1\"}]}, containers: []";
    assertThat(baseline(31, sysctl)).isNotEmpty();
    assertThat(baseline(32, sysctl)).isEmpty();
    String engine = "securityContext: {seLinuxOptions: {type: container_engine_t}}, containers: []";
    assertThat(baseline(30, engine)).isNotEmpty();
    assertThat(baseline(31, engine)).isEmpty();
    String unconfined = "securityContext: {seccompProfile: {type: Unconfined}}, containers: []";
    assertThat(baseline(18, unconfined)).isEmpty();
    assertThat(verdict(Level.BASELINE, 18, "{seccomp.security.alpha.kubernetes.io/pod: unconfined}", "containers: []"))
        .isEqualTo("seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod=\"unconfined\")");
    String windows = "os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: c, image: i}]";
    assertThat(verdict(Level.RESTRICTED, 24, "{}", windows)).contains("allowPrivilegeEscalation");
    assertThat(verdict(Level.RESTRICTED, 25, "{}", windows)).isEmpty();
    String root = "hostUsers: false, " + GOOD.replace("runAsNonRoot: true", "runAsUser: 0");
    assertThat(verdict(Level.RESTRICTED, 34, "{}", root)).contains("runAsNonRoot", "runAsUser=0");
    assertThat(verdict(Level.RESTRICTED, 35, "{}", root)).isEmpty();
  }

  @Test
  void tellsAllThatRestrictedPodsLack() {
    assertThat(verdict(Level.RESTRICTED, SecurityLevel.LATEST, "{}", "containers: [{name: a, image: i}, {name: b, image: i}]"))
        .isEqualTo(
            "allowPrivilegeEscalation != false (containers \"a\", \"b\" must set securityContext.allowPrivilegeEscalation=false),"
                + " unrestricted capabilities (containers \"a\", \"b\" must set securityContext.capabilities.drop=[\"ALL\"]),"
                + " runAsNonRoot != true (pod or containers \"a\", \"b\" must set securityContext.runAsNonRoot=true),"
                + " seccompProfile (pod or containers \"a\", \"b\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or"
                + " \"Localhost\")");
    assertThat(verdict(Level.RESTRICTED, SecurityLevel.LATEST, "{}", GOOD)).isEmpty();
    assertThat(verdict(Level.RESTRICTED, SecurityLevel.LATEST, "{}", "volumes: [{name: v, nfs: {server: s, path: /}}], " + GOOD))
        .isEqualTo("restricted volume types (volume \"v\" uses restricted volume type \"nfs\")");
  }

  @Test
  void enforcesWarnsToo() {
    Policy policy = Policy.of(Map.of(PREFIX + "enforce", "baseline", PREFIX + "enforce-version", "v1.30"), Policy.DEFAULT);
    assertThat(policy.warn()).hasToString("baseline:v1.30");
    assertThat(policy.audit()).hasToString("privileged:latest");
  }

  @Test
  void refusesWrongLabels() {
    Status status =
        refusal(
                () ->
                    cluster.create(
                        "namespaces", "{metadata: {name: x, labels: {" + PREFIX + "enforce: strict, " + PREFIX + "warn-version: \"1\"}}}"))
            .status();
    assertThat(status.code()).isEqualTo(422);
    assertThat(status.message())
        .isEqualTo(
            "Namespace \"x\" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of"
                + " privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"1\": must"
                + " be \"latest\" or \"v1.x\"]");
  }

  @Test
  void refusesPodsAndWarnsOfTemplates() {
    cluster.put("namespaces", "{metadata: {name: safe, labels: {" + PREFIX + "enforce: baseline}}, status: {phase: Active}}");
    cluster.put("serviceaccounts", "{metadata: {name: default, namespace: safe}}");
    String spec = "{hostPID: true, containers: [{name: c, image: i}]}";
    assertThat(cluster.refusedCreate("pods", "{metadata: {name: p, namespace: safe}, spec: " + spec + "}"))
        .isEqualTo("pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": host namespaces (hostPID=true)");
    cluster.create("deployments", "{metadata: {name: d, namespace: safe}, spec: {template: {spec: " + spec + "}}}");
    assertThat(cluster.warnings())
        .containsExactly("would violate PodSecurity \"baseline:latest\": host namespaces (hostPID=true)");
  }

  @Test
  void warnsOfPodsThatAStricterLevelWouldRefuse() {
    for (String name : new String[] {"b", "a", "c"}) {
      cluster.put("pods", "{metadata: {name: " + name + ", namespace: ns}, spec: {hostIPC: true, containers: []}}");
    }
    ObjectValue old = Cluster.object("namespaces", "{metadata: {name: ns}}");
    ObjectValue stricter = Cluster.object("namespaces", "{metadata: {name: ns, labels: {" + PREFIX + "enforce: baseline}}}");
    cluster.update("namespaces", "", stricter, old);
    assertThat(cluster.warnings())
        .containsExactly(
            "existing pods in namespace \"ns\" violate the new PodSecurity enforce level \"baseline:latest\"",
            "a (and 2 other pods): host namespaces");
  }

  @Test
  void tellsTheAuditLogByWhichLevelPodsWereJudged() {
    cluster.put("namespaces", "{metadata: {name: told, labels: {pod-security.kubernetes.io/audit: baseline}}, status: {phase: Active}}");
    cluster.put("serviceaccounts", "{metadata: {name: default, namespace: told}}");
    String pod = "{metadata: {name: p, namespace: told}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}";
    cluster.create("pods", pod);
    assertThat(cluster.annotations())
        .containsEntry(PREFIX + "enforce-policy", "privileged:latest")
        .containsEntry(
            PREFIX + "audit-violations", "would violate PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)");
    cluster.create("pods", "{metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}");
    assertThat(cluster.annotations()).containsOnlyKeys(PREFIX + "enforce-policy");
  }
}
