package io.thyra.backends;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Trusts a server by its authority and by the name of its Service, and words refusals as Go does. Immutable.
/// Source: Go crypto/x509 verify.go.
public final class BackendTrust extends X509ExtendedTrustManager {
  private static final int NAMES_TOLD_MAX = 100;
  private static final Integer DNS_NAME = 2;
  private static final Integer IP_ADDRESS = 7;

  /// Why a server is not trusted.
  public static final class Distrust extends CertificateException {
    private static final long serialVersionUID = 1;

    Distrust(String message) {
      super(message);
    }
  }

  private final String serverName;
  private final @Nullable X509TrustManager authorities;

  private BackendTrust(String serverName, @Nullable X509TrustManager authorities) {
    this.serverName = serverName;
    this.authorities = authorities;
  }

  /// Trusts everybody.
  public static BackendTrust insecure() {
    return new BackendTrust("", null);
  }

  /// Trusts servers that are known by the host that a connection was made to.
  public static BackendTrust ofPeers(Collection<X509Certificate> roots) throws GeneralSecurityException {
    return of("", roots);
  }

  /// @param roots the authorities; null for those of the system
  public static BackendTrust of(String serverName, @Nullable Collection<X509Certificate> roots) throws GeneralSecurityException {
    KeyStore store = null;
    if (roots != null) {
      store = KeyStore.getInstance(KeyStore.getDefaultType());
      try {
        store.load(null, null);
      } catch (java.io.IOException e) {
        throw new GeneralSecurityException(e);
      }
      int number = 0;
      for (X509Certificate root : roots) {
        store.setCertificateEntry("root-" + number++, root);
      }
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager each : factory.getTrustManagers()) {
      if (each instanceof X509TrustManager found) {
        return new BackendTrust(serverName, found);
      }
    }
    throw new GeneralSecurityException("no trust manager");
  }

  private void check(X509Certificate[] chain, String authType, String peer) throws CertificateException {
    if (authorities == null) {
      return;
    }
    checkValid(chain[0]);
    checkName(chain[0], serverName.isEmpty() ? peer : serverName);
    try {
      authorities.checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw new Distrust("x509: certificate signed by unknown authority");
    }
  }

  private static void checkValid(X509Certificate leaf) throws CertificateException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try {
      leaf.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new Distrust(
          "x509: certificate has expired or is not yet valid: current time " + now + " is after " + leaf.getNotAfter().toInstant());
    } catch (CertificateNotYetValidException e) {
      throw new Distrust(
          "x509: certificate has expired or is not yet valid: current time " + now + " is before " + leaf.getNotBefore().toInstant());
    }
  }

  private static void checkName(X509Certificate leaf, String serverName) throws CertificateException {
    Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
    if (NetUtil.isValidIpV4Address(serverName) || NetUtil.isValidIpV6Address(serverName)) {
      checkAddress(alternatives == null ? List.of() : alternatives, serverName);
      return;
    }
    var names = new ArrayList<String>();
    if (alternatives != null) {
      for (List<?> alternative : alternatives) {
        if (DNS_NAME.equals(alternative.get(0)) && alternative.get(1) instanceof String name) {
          names.add(name);
        }
      }
    }
    if (names.stream().anyMatch(name -> matches(name, serverName))) {
      return;
    }
    if (alternatives == null && matches(commonName(leaf), serverName)) {
      throw new Distrust("x509: certificate relies on legacy Common Name field, use SANs instead");
    }
    if (names.isEmpty()) {
      throw new Distrust("x509: certificate is not valid for any names, but wanted to match " + serverName);
    }
    if (names.size() >= NAMES_TOLD_MAX) {
      throw new Distrust("x509: certificate is valid for " + names.size() + " names, but none matched " + serverName);
    }
    throw new Distrust("x509: certificate is valid for " + String.join(", ", names) + ", not " + serverName);
  }

  private static void checkAddress(Collection<List<?>> alternatives, String serverName) throws CertificateException {
    var addresses = new ArrayList<String>();
    for (List<?> alternative : alternatives) {
      if (IP_ADDRESS.equals(alternative.get(0)) && alternative.get(1) instanceof String address) {
        addresses.add(address);
      }
    }
    if (addresses.isEmpty()) {
      throw new Distrust("x509: cannot validate certificate for " + serverName + " because it doesn't contain any IP SANs");
    }
    InetAddress wanted = InetAddress.ofLiteral(serverName);
    if (addresses.stream().noneMatch(address -> InetAddress.ofLiteral(address).equals(wanted))) {
      throw new Distrust("x509: certificate is valid for " + String.join(", ", addresses) + ", not " + serverName);
    }
  }

  private static String commonName(X509Certificate leaf) {
    for (String part : leaf.getSubjectX500Principal().getName().split(",")) {
      if (part.startsWith("CN=")) {
        return part.substring(3);
      }
    }
    return "";
  }

  /// An asterisk stands for exactly one label, the first.
  static boolean matches(String pattern, String host) {
    String[] wanted = pattern.toLowerCase(Locale.ROOT).split("\\.", -1);
    String[] labels = host.toLowerCase(Locale.ROOT).split("\\.", -1);
    if (wanted.length != labels.length) {
      return false;
    }
    for (int i = 0; i < labels.length; i++) {
      if (!wanted[i].equals(labels[i]) && !(i == 0 && wanted[0].equals("*") && labels.length > 1)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
    String peer = engine.getPeerHost();
    check(chain, authType, peer == null ? "" : peer);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
    check(chain, authType, "");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    check(chain, authType, "");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
    throw new CertificateException("clients are not served here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
    throw new CertificateException("clients are not served here");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
    throw new CertificateException("clients are not served here");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
