package io.thyra.launcher;

import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The certificates and keys that the server works with: those it was given, or those it makes for itself.
///
/// @param rootCertificates what clients verify this server with, PEM; empty when it is not known
/// @param proxyPair the certificate by which extension servers know this server, and its key; empty for none
/// @param kubeconfig the file with which an admin reaches a server that minted its own PKI
record Credentials(
    Path servingCertificate,
    Path servingKey,
    SecurityParts.Files files,
    String rootCertificates,
    Optional<ProxyPair> proxyPair,
    Optional<Path> kubeconfig) {
  record ProxyPair(Path certificate, Path key) {}

  private static final List<String> USERNAME_HEADERS = List.of("X-Remote-User");
  private static final List<String> GROUP_HEADERS = List.of("X-Remote-Group");
  private static final List<String> EXTRA_PREFIXES = List.of("X-Remote-Extra-");

  static Credentials of(ServerConfig config, String serviceAddress, CertificateMint mint) {
    try {
      return config.defaulted() ? minted(config, serviceAddress, mint) : given(config, serviceAddress, mint);
    } catch (IOException e) {
      throw new ConfigException("certificates cannot be made or read: " + e.getMessage());
    }
  }

  private static Credentials minted(ServerConfig config, String serviceAddress, CertificateMint mint) throws IOException {
    Pki pki =
        Pki.open(config.store().dataDir(), config.serving(), Pki.hosts(config.serving().bindAddress(), serviceAddress), mint);
    var proxies =
        new ServerConfig.RequestHeader(
            pki.frontProxyCa(), List.of(Pki.FRONT_PROXY_CLIENT), USERNAME_HEADERS, List.of("X-Remote-Uid"), GROUP_HEADERS, EXTRA_PREFIXES);
    var files =
        new SecurityParts.Files(Optional.of(pki.clusterCa()), Optional.of(proxies), Optional.of(pki.accountKey()), List.of(pki.accountKey()));
    return new Credentials(
        pki.servingCertificate(),
        pki.servingKey(),
        files,
        Files.readString(pki.clusterCa()),
        Optional.of(new ProxyPair(pki.frontProxyClientCertificate(), pki.frontProxyClientKey())),
        Optional.of(pki.kubeconfig()));
  }

  private static Credentials given(ServerConfig config, String serviceAddress, CertificateMint mint) throws IOException {
    var serving = config.serving();
    Path certificate;
    Path key;
    if (serving.certFile().isPresent()) {
      certificate = serving.certFile().get();
      key = serving.keyFile().orElseThrow();
    } else {
      certificate = serving.certDir().resolve("apiserver.crt");
      key = serving.certDir().resolve("apiserver.key");
      mintServing(config, serviceAddress, mint, certificate, key);
    }
    var accounts = config.authentication().serviceAccounts();
    List<Path> verifying = accounts.keyFiles().isEmpty() ? accounts.signingKeyFile().map(List::of).orElse(List.of()) : accounts.keyFiles();
    var files =
        new SecurityParts.Files(
            config.authentication().clientCaFile(), config.authentication().requestHeader(), accounts.signingKeyFile(), verifying);
    String root = config.authentication().clientCaFile().isPresent() ? Files.readString(config.authentication().clientCaFile().get()) : "";
    var aggregation = config.aggregation();
    Optional<ProxyPair> proxyPair =
        aggregation.proxyClientCertFile().flatMap(file -> aggregation.proxyClientKeyFile().map(keyFile -> new ProxyPair(file, keyFile)));
    return new Credentials(certificate, key, files, root, proxyPair, Optional.empty());
  }

  /// A pair that nobody gave is made once and kept, its own authority behind it, as upstream does.
  private static void mintServing(ServerConfig config, String serviceAddress, CertificateMint mint, Path certificate, Path key) throws IOException {
    if (Files.exists(certificate) && Files.exists(key)) {
      return;
    }
    PrivateFiles.makeFolder(certificate.getParent());
    CertificateMint.Pair authority = mint.authority("thyra-self-signed-ca");
    CertificateMint.Pair pair = mint.serving(authority, "kube-apiserver", Pki.hosts(config.serving().bindAddress(), serviceAddress));
    PrivateFiles.write(key, pair.keyPem());
    PrivateFiles.write(certificate, pair.certificatePem() + authority.certificatePem());
  }

  /// The data of the ConfigMap by which extension servers verify callers.
  ObjectValue authenticationData() {
    var data = ObjectValue.builder();
    try {
      if (files.clientCa().isPresent()) {
        data.put("client-ca-file", Files.readString(files.clientCa().get()));
      }
      if (files.requestHeader().isPresent()) {
        ServerConfig.RequestHeader proxies = files.requestHeader().get();
        data.put("requestheader-allowed-names", json(proxies.allowedNames()));
        data.put("requestheader-client-ca-file", Files.readString(proxies.clientCaFile()));
        data.put("requestheader-extra-headers-prefix", json(proxies.extraPrefixes()));
        data.put("requestheader-group-headers", json(proxies.groupHeaders()));
        data.put("requestheader-uid-headers", json(proxies.uidHeaders()));
        data.put("requestheader-username-headers", json(proxies.usernameHeaders()));
      }
    } catch (IOException e) {
      throw new ConfigException("cannot read a CA file: " + e.getMessage());
    }
    return data.build();
  }

  private static String json(List<String> texts) {
    return GoText.json(ListValue.ofStrings(texts));
  }
}
