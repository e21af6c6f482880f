package io.thyra.launcher;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes keys and certificates. Keys are ECDSA on P-256, which is quick to make and to sign with. Those of clients are RSA:
/// fabric8 reads no other from a kubeconfig. So is the key of service-account tokens, for all who verify them.
final class CertificateMint {
  /// A certificate with its key.
  record Pair(X509Certificate certificate, PrivateKey key) {
    String certificatePem() throws IOException {
      return pem(certificate);
    }

    String keyPem() throws IOException {
      return pem(key);
    }
  }

  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  private static final Duration LEAF_LIFE = Duration.ofDays(365);
  // Clocks of clients may be a little behind.
  private static final Duration BACKDATED = Duration.ofHours(1);

  private final Clock clock;
  private final SecureRandom random;

  CertificateMint(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  Pair authority(String commonName) {
    KeyPair keys = ecKeys();
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    return sign(name, keys, name, keys.getPrivate(), AUTHORITY_LIFE, (builder, extensions) -> {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment | KeyUsage.keyCertSign));
      builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(keys.getPublic()));
    });
  }

  /// A serving certificate for some names and addresses.
  Pair serving(Pair authority, String commonName, List<String> hosts) {
    GeneralName[] names = hosts.stream().map(host -> new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host)).toArray(GeneralName[]::new);
    return leaf(authority, new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build(), KeyPurposeId.id_kp_serverAuth, ecKeys(), names);
  }

  /// A client certificate; an empty organization is left out.
  Pair client(Pair authority, String commonName, String organization) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    if (!organization.isEmpty()) {
      name.addRDN(BCStyle.O, organization);
    }
    return leaf(authority, name.addRDN(BCStyle.CN, commonName).build(), KeyPurposeId.id_kp_clientAuth, rsaKeys(), new GeneralName[0]);
  }

  private Pair leaf(Pair authority, X500Name subject, KeyPurposeId purpose, KeyPair keys, GeneralName[] names) {
    X500Name issuer = X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    return sign(subject, keys, issuer, authority.key(), LEAF_LIFE, (builder, extensions) -> {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
      builder.addExtension(Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(authority.certificate()));
      if (names.length > 0) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      }
    });
  }

  /// A key for service-account tokens, PEM.
  String tokenKey() throws IOException {
    return pem(rsaKeys().getPrivate());
  }

  private KeyPair rsaKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Extensions {
    void addTo(JcaX509v3CertificateBuilder builder, JcaX509ExtensionUtils extensions) throws IOException, GeneralSecurityException;
  }

  private Pair sign(X500Name subject, KeyPair keys, X500Name issuer, PrivateKey issuerKey, Duration life, Extensions extensions) {
    Instant now = clock.instant();
    BigInteger serial = new BigInteger(126, random).setBit(0);
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer, serial, Date.from(now.minus(BACKDATED)), Date.from(now.plus(life)), subject, keys.getPublic());
      extensions.addTo(builder, new JcaX509ExtensionUtils());
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey);
      return new Pair(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys.getPrivate());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate could not be made", e);
    }
  }

  private KeyPair ecKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isAddress(String host) {
    return host.contains(":") || host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
  }

  private static String pem(Object part) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(part instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : part);
    }
    return text.toString();
  }
}
