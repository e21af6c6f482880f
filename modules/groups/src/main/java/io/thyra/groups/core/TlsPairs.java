package io.thyra.groups.core;

import io.thyra.model.ObjectValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;

/// Whether the certificate and the key of a TLS secret are a pair, told in the words of Go's crypto/tls.
final class TlsPairs {
  private TlsPairs() {}

  /// Warnings about a secret; none for other types than TLS.
  static List<String> complaints(ObjectValue secret) {
    if (!secret.string("type").equals("kubernetes.io/tls")) {
      return List.of();
    }
    ObjectValue data = secret.object("data");
    String complaint = complaint(text(data, "tls.crt"), text(data, "tls.key"));
    return complaint.isEmpty() ? List.of() : List.of(complaint);
  }

  private static String text(ObjectValue data, String key) {
    return new String(DataRules.bytes(data.get(key)), StandardCharsets.ISO_8859_1);
  }

  private static String complaint(String certificate, String key) {
    String missing = missing(certificate, "certificate", "CERTIFICATE");
    if (!missing.isEmpty()) {
      return missing;
    }
    missing = missing(key, "key", "PRIVATE KEY");
    if (!missing.isEmpty()) {
      return missing;
    }
    try {
      var parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.ISO_8859_1)));
      return fits(parsed.getPublicKey(), key) ? "" : "tls: private key does not match public key";
    } catch (GeneralSecurityException | IOException _) {
      return "tls: failed to parse private key";
    }
  }

  private static String missing(String pem, String word, String type) {
    if (!pem.contains("-----BEGIN ")) {
      return "tls: failed to find any PEM data in " + word + " input";
    }
    for (String line : pem.lines().toList()) {
      if (line.startsWith("-----BEGIN ") && line.replace("-", "").strip().endsWith(type)) {
        return "";
      }
    }
    return word.equals("key")
        ? "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the following types: "
            + types(pem)
        : "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  }

  private static String types(String pem) {
    return "["
        + String.join(
            " ",
            pem.lines()
                .filter(l -> l.startsWith("-----BEGIN "))
                .map(l -> l.substring("-----BEGIN ".length()).replace("-----", ""))
                .toList())
        + "]";
  }

  private static boolean fits(PublicKey publicKey, String pem) throws GeneralSecurityException, IOException {
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      Object read = parser.readObject();
      if (read instanceof PEMKeyPair pair) {
        return java.util.Arrays.equals(pair.getPublicKeyInfo().getEncoded(), publicKey.getEncoded());
      }
      if (read instanceof PrivateKeyInfo info && publicKey instanceof RSAPublicKey rsa) {
        var key = KeyFactory.getInstance("RSA").generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(info.getEncoded()));
        return key instanceof RSAPrivateCrtKey crt && crt.getModulus().equals(rsa.getModulus());
      }
      return read != null;
    }
  }
}
