package io.thyra.groups.certificates;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/// Certificate requests and certificates in PEM, and what is wrong with them in the words of Go's x509.
/// Source: pkg/apis/certificates/helpers.go and validation/validation.go.
final class RequestedCertificate {
  private RequestedCertificate() {}

  /// What is wrong with a signing request; empty for a sound one.
  static Optional<String> findRequestComplaint(String pem) {
    List<Pem> blocks = Pem.parse(pem);
    if (blocks.isEmpty() || !blocks.getFirst().type().equals("CERTIFICATE REQUEST")) {
      return Optional.of("PEM block type must be CERTIFICATE REQUEST");
    }
    byte[] bytes = blocks.getFirst().bytes();
    if (isTruncated(bytes)) {
      return Optional.of("asn1: syntax error: data truncated");
    }
    try {
      var request = new PKCS10CertificationRequest(bytes);
      var verifier = new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo());
      return request.isSignatureValid(verifier) ? Optional.empty() : Optional.of(broken(request));
    } catch (IOException | IllegalArgumentException | PKCSException | OperatorCreationException _) {
      return Optional.of("asn1: structure error: tags don't match");
    }
  }

  private static String broken(PKCS10CertificationRequest request) {
    return switch (request.getSubjectPublicKeyInfo().getAlgorithm().getAlgorithm().getId()) {
      case "1.2.840.10045.2.1" -> "x509: ECDSA verification failure";
      case "1.3.101.112" -> "x509: Ed25519 verification failure";
      default -> "crypto/rsa: verification error";
    };
  }

  // The outer sequence says how long it is.
  private static boolean isTruncated(byte[] bytes) {
    if (bytes.length < 2) {
      return true;
    }
    int first = bytes[1] & 0xff;
    if (first < 0x80) {
      return bytes.length < 2 + first;
    }
    int count = first & 0x7f;
    if (count > 4 || bytes.length < 2 + count) {
      return true;
    }
    long length = 0;
    for (int i = 0; i < count; i++) {
      length = length << 8 | bytes[2 + i] & 0xff;
    }
    return bytes.length < 2 + count + length;
  }

  /// What is wrong with issued certificates; none at all are fine.
  static Optional<String> findCertificateComplaint(String pem) {
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    List<Pem> blocks = Pem.parse(pem);
    for (Pem block : blocks) {
      if (!block.type().equals("CERTIFICATE")) {
        return Optional.of("only CERTIFICATE PEM blocks are allowed, found " + io.thyra.model.GoText.quote(block.type()));
      }
      if (block.headers()) {
        return Optional.of("no PEM block headers are permitted");
      }
      if (!isCertificate(block.bytes())) {
        return Optional.of("x509: malformed certificate");
      }
    }
    return blocks.isEmpty() ? Optional.of("must contain at least one CERTIFICATE PEM block") : Optional.empty();
  }

  static boolean isCertificate(byte[] bytes) {
    try {
      CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
      return true;
    } catch (CertificateException _) {
      return false;
    }
  }
}
