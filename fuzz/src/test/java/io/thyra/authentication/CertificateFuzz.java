package io.thyra.authentication;

import java.io.IOException;

/// Files of certificates, and the user that a certificate names.
public final class CertificateFuzz {
  private CertificateFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      CertificateAuthority.certificates(data).forEach(SubjectName::of);
    } catch (IOException _) {
      // No certificates.
    }
  }
}
