package io.thyra.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The first cluster and the first user of a kubeconfig: the address, and how to be believed there.
record Kubeconfig(Path file, URI server, SSLContext tls, Optional<String> token) {
  static Kubeconfig read(Path file) throws IOException {
    var root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    Map<?, ?> cluster = first(root, "clusters", "cluster");
    Map<?, ?> user = first(root, "users", "user");
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(keys(user), trust(cluster).getTrustManagers(), null);
      return new Kubeconfig(file, URI.create((String) cluster.get("server")), tls, Optional.ofNullable((String) user.get("token")));
    } catch (GeneralSecurityException e) {
      throw new IOException("the kubeconfig " + file + " has certificates that do not fit", e);
    }
  }

  private static Map<?, ?> first(Map<?, ?> root, String list, String item) {
    return (Map<?, ?>) ((Map<?, ?>) ((List<?>) root.get(list)).getFirst()).get(item);
  }

  /// What a field names: PEM inside the file in base64, or a file beside it.
  private static Optional<byte[]> pem(Map<?, ?> part, String field) throws IOException {
    if (part.get(field + "-data") instanceof String data) {
      return Optional.of(Base64.getDecoder().decode(data));
    }
    return part.get(field) instanceof String path ? Optional.of(Files.readAllBytes(Path.of(path))) : Optional.empty();
  }

  private static TrustManagerFactory trust(Map<?, ?> cluster) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    int n = 0;
    for (Certificate certificate : certificates(pem(cluster, "certificate-authority").orElseThrow())) {
      store.setCertificateEntry("ca" + n++, certificate);
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust;
  }

  private static KeyManager[] keys(Map<?, ?> user) throws IOException, GeneralSecurityException {
    Optional<byte[]> certificate = pem(user, "client-certificate");
    if (certificate.isEmpty()) {
      return new KeyManager[0];
    }
    KeyStore store = empty();
    store.setKeyEntry("client", key(pem(user, "client-key").orElseThrow()), new char[0], certificates(certificate.get()).toArray(new Certificate[0]));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static List<Certificate> certificates(byte[] pem) throws GeneralSecurityException {
    return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)));
  }

  private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
    String body = new String(pem, StandardCharsets.US_ASCII).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (InvalidKeySpecException _) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }
}
