package io.thyra.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.model.Authorizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginConfigurationFileTest {
  private static final String HEAD = "{apiVersion: apiserver.config.k8s.io/v1, kind: AdmissionConfiguration, plugins: [";

  @TempDir private Path folder;

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("admission.yaml"), text);
  }

  private PluginConfiguration read(String plugins) throws IOException, ConfigurationException {
    return PluginConfigurationFile.read(write(HEAD + plugins + "]}"));
  }

  private static Cluster cluster(String plugin, PluginConfiguration configuration) {
    return new Cluster(new Settings(List.of(plugin), List.of(), 300, 300, configuration, Set.of()), _ -> Authorizer.Decision.NO_OPINION);
  }

  @Test
  void readsInlineConfigurations() throws Exception {
    PluginConfiguration read =
        read(
            "{name: EventRateLimit, configuration: {apiVersion: eventratelimit.admission.k8s.io/v1alpha1, kind: Configuration,"
                + " limits: [{type: Server, qps: 5, burst: 7}]}}");
    assertThat(read.eventLimits()).containsExactly(new EventLimit("Server", 5, 7, 0));
  }

  @Test
  void readsFilesOfPluginsBesideTheFile() throws Exception {
    Files.writeString(folder.resolve("selector.yaml"), "podNodeSelectorPluginConfig: {clusterDefaultNodeSelector: a=b, ns: 'a=b,c=d'}");
    PluginConfiguration read = read("{name: PodNodeSelector, path: selector.yaml}");
    try (Cluster cluster = cluster("PodNodeSelector", read)) {
      assertThat(cluster.create("pods", "{metadata: {name: p}, spec: {containers: [{name: c, image: i}]}}").object("spec", "nodeSelector").strings())
          .containsExactly(java.util.Map.entry("a", "b"));
      assertThat(cluster.refusedCreate("pods", "{metadata: {name: p}, spec: {nodeSelector: {x: z}, containers: [{name: c, image: i}]}}"))
          .endsWith("pod node label selector labels conflict with its namespace whitelist");
    }
  }

  @Test
  void holdsPodsToTheDefaultLevelUnlessTheyAreExempt() throws Exception {
    PluginConfiguration read =
        read(
            "{name: PodSecurity, configuration: {apiVersion: pod-security.admission.config.k8s.io/v1, kind: PodSecurityConfiguration,"
                + " defaults: {enforce: baseline}, exemptions: {usernames: [bob]}}}");
    String pod = "{metadata: {name: p}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}";
    try (Cluster cluster = cluster("PodSecurity", read)) {
      assertThat(cluster.refusedCreate("pods", pod)).contains("violates PodSecurity \"baseline:latest\"");
      cluster.user = new io.thyra.model.UserInfo("bob", "", List.of());
      cluster.create("pods", pod);
    }
  }

  @Test
  void letsNobodyUseWhatNoQuotaCovers() throws Exception {
    PluginConfiguration read =
        read(
            "{name: ResourceQuota, configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: ResourceQuotaConfiguration,"
                + " limitedResources: [{resource: persistentvolumeclaims, matchContains: [requests.storage]}]}}");
    String claim = "{metadata: {name: c}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}";
    try (Cluster cluster = cluster("ResourceQuota", read)) {
      assertThat(cluster.refusedCreate("persistentvolumeclaims", claim)).endsWith("insufficient quota to consume: requests.storage");
      cluster.put(
          "resourcequotas",
          "{metadata: {name: q, namespace: ns}, spec: {hard: {requests.storage: 2Gi}}, status: {hard: {requests.storage: 2Gi}, used: {requests.storage: '0'}}}");
      cluster.create("persistentvolumeclaims", claim);
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThatThrownBy(() -> PluginConfigurationFile.read(folder.resolve("none")))
        .hasMessageContaining("failed to read plugin config: unable to read admission control configuration from");
    Path other = write("{apiVersion: v1, kind: Pod}");
    assertThatThrownBy(() -> PluginConfigurationFile.read(other)).hasMessageContaining("no kind \"Pod\" is registered for version \"v1\"");
    assertThatThrownBy(() -> read("{name: PodSecurity, level: x}")).hasMessageContaining("strict decoding error: unknown field \"plugins[0].level\"");
    assertThatThrownBy(
            () ->
                read(
                    "{name: EventRateLimit, configuration: {apiVersion: eventratelimit.admission.k8s.io/v1alpha1, kind: Configuration,"
                        + " limits: [{type: Server, qps: 0, burst: 1}]}}"))
        .hasMessageContaining("couldn't init admission plugin \"EventRateLimit\": limits[0].qps: Invalid value: 0: must be positive");
    assertThatThrownBy(
            () ->
                read(
                    "{name: MutatingAdmissionWebhook, configuration: {apiVersion: apiserver.config.k8s.io/v1, kind: WebhookAdmissionConfiguration,"
                        + " kubeConfigFile: here}}"))
        .hasMessageContaining("kubeConfigFile: Invalid value: \"here\": must be an absolute file path");
  }
}
