package io.thyra.authentication;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The certificates of a CA file, and whether a client's chain leads to one of them.
public final class CertificateAuthority {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";
  // Verified chains by their leaf: a client sends the same certificate on every connection.
  private static final int VERIFIED_MAX = 2_000;

  private final Set<TrustAnchor> anchors;
  private final Clock clock;
  private final Cache<X509Certificate, Boolean> verified = Caffeine.newBuilder().maximumSize(VERIFIED_MAX).build();

  private CertificateAuthority(Set<TrustAnchor> anchors, Clock clock) {
    this.anchors = anchors;
    this.clock = clock;
  }

  /// @throws IOException when the file cannot be read or holds no certificate
  public static CertificateAuthority read(Path file, Clock clock) throws IOException {
    var anchors = new HashSet<TrustAnchor>();
    for (X509Certificate certificate : certificates(Files.readAllBytes(file))) {
      anchors.add(new TrustAnchor(certificate, null));
    }
    if (anchors.isEmpty()) {
      throw new IOException("no certificate in " + file);
    }
    return new CertificateAuthority(anchors, clock);
  }

  /// The certificates of a PEM text.
  public static List<X509Certificate> certificates(byte[] pem) throws IOException {
    try {
      var certificates = new ArrayList<X509Certificate>();
      CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem))
          .forEach(certificate -> certificates.add((X509Certificate) certificate));
      return certificates;
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// The certificates of the file.
  public List<X509Certificate> authorities() {
    return anchors.stream().map(TrustAnchor::getTrustedCert).toList();
  }

  /// Whether a chain, the client's own certificate first, leads to this authority, is valid now and meant for clients.
  boolean verifies(List<X509Certificate> chain) {
    X509Certificate leaf = chain.getFirst();
    Date now = Date.from(clock.instant());
    if (now.before(leaf.getNotBefore()) || now.after(leaf.getNotAfter())) {
      return false;
    }
    Boolean known = verified.getIfPresent(leaf);
    if (known == null) {
      known = check(chain, now);
      verified.put(leaf, known);
    }
    return known;
  }

  private boolean check(List<X509Certificate> chain, Date now) {
    try {
      List<String> usages = chain.getFirst().getExtendedKeyUsage();
      if (usages != null && !usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE)) {
        return false;
      }
      X509CertSelector target = new X509CertSelector();
      target.setCertificate(chain.getFirst());
      PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
      parameters.setRevocationEnabled(false);
      parameters.setDate(now);
      parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      CertPathBuilder.getInstance("PKIX").build(parameters);
      return true;
    } catch (GeneralSecurityException untrusted) {
      return false;
    }
  }
}
