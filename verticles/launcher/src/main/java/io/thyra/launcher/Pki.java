package io.thyra.launcher;

import io.thyra.config.ServerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The certificates and keys that a server with the default configuration makes for itself at its first start and keeps
/// in `pki/` of its data folder: cluster CA, serving pair, front-proxy CA and client, service-account key, and an admin
/// client certificate inside the kubeconfig. The folder is 0700, every file 0600.
record Pki(
    Path clusterCa,
    Path servingCertificate,
    Path servingKey,
    Path frontProxyCa,
    Path frontProxyClientCertificate,
    Path frontProxyClientKey,
    Path accountKey,
    Path kubeconfig) {
  static final String FRONT_PROXY_CLIENT = "front-proxy-client";

  /// The PKI of a data folder; what is missing is made. A serving certificate that does not name one of the hosts stays
  /// as it is: delete it to have it made anew.
  static Pki open(Path dataDir, ServerConfig.Serving serving, List<String> hosts, CertificateMint mint) throws IOException {
    Path folder = dataDir.resolve("pki");
    PrivateFiles.makeFolder(folder);
    Pki pki =
        new Pki(
            folder.resolve("ca.crt"),
            folder.resolve("apiserver.crt"),
            folder.resolve("apiserver.key"),
            folder.resolve("front-proxy-ca.crt"),
            folder.resolve("front-proxy-client.crt"),
            folder.resolve("front-proxy-client.key"),
            folder.resolve("sa.key"),
            dataDir.resolve("kubeconfig"));
    // The kubeconfig is written last, so that a start that was cut short begins anew.
    if (!Files.exists(folder.resolve("complete"))) {
      pki.mintAll(folder, hosts, mint);
      PrivateFiles.write(folder.resolve("complete"), "");
    }
    pki.writeKubeconfig(serving, folder);
    return pki;
  }

  private void mintAll(Path folder, List<String> hosts, CertificateMint mint) throws IOException {
    CertificateMint.Pair ca = mint.authority("thyra-ca");
    write(ca, clusterCa, folder.resolve("ca.key"));
    write(mint.serving(ca, "kube-apiserver", hosts), servingCertificate, servingKey);
    write(mint.client(ca, "kubernetes-admin", "system:masters"), folder.resolve("admin.crt"), folder.resolve("admin.key"));
    CertificateMint.Pair frontProxy = mint.authority("thyra-front-proxy-ca");
    write(frontProxy, frontProxyCa, folder.resolve("front-proxy-ca.key"));
    write(mint.client(frontProxy, FRONT_PROXY_CLIENT, ""), frontProxyClientCertificate, frontProxyClientKey);
    PrivateFiles.write(accountKey, mint.tokenKey());
  }

  private static void write(CertificateMint.Pair pair, Path certificate, Path key) throws IOException {
    PrivateFiles.write(certificate, pair.certificatePem());
    PrivateFiles.write(key, pair.keyPem());
  }

  /// The names and addresses that clients reach a server under.
  static List<String> hosts(String bindAddress, String firstServiceAddress) {
    var hosts = new ArrayList<>(List.of("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"));
    hosts.add("kubernetes.default.svc.cluster.local");
    hosts.add("127.0.0.1");
    hosts.add("::1");
    hosts.add(firstServiceAddress);
    if (!bindAddress.equals("0.0.0.0") && !bindAddress.equals("::")) {
      hosts.add(bindAddress);
    }
    return hosts.stream().distinct().toList();
  }

  private void writeKubeconfig(ServerConfig.Serving serving, Path folder) throws IOException {
    String host = serving.bindAddress().equals("0.0.0.0") || serving.bindAddress().equals("::") ? "127.0.0.1" : serving.bindAddress();
    String address = host.contains(":") ? "[" + host + "]" : host;
    String text =
        """
        apiVersion: v1
        kind: Config
        current-context: thyra
        clusters:
        - name: thyra
          cluster:
            server: https://%s:%d
            certificate-authority-data: %s
        users:
        - name: kubernetes-admin
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: thyra
          context:
            cluster: thyra
            user: kubernetes-admin
        """
            .formatted(address, serving.port(), base64(clusterCa), base64(folder.resolve("admin.crt")), base64(folder.resolve("admin.key")));
    if (!Files.exists(kubeconfig) || !Files.readString(kubeconfig).equals(text)) {
      PrivateFiles.write(kubeconfig, text);
    }
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readString(file, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
  }
}
