package io.thyra.authentication;

import io.thyra.model.Authenticator;
import io.thyra.model.Credentials;
import io.thyra.model.Failure;
import io.thyra.model.UserInfo;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Client certificates of `--client-ca-file`: the common name is the user, the organizations are groups.
/// Source: apiserver pkg/authentication/request/x509/x509.go.
public final class CertificateAuthenticator implements Authenticator {
  private final CertificateAuthority authority;

  public CertificateAuthenticator(CertificateAuthority authority) {
    this.authority = authority;
  }

  @Override
  public Optional<Authenticated> authenticate(Credentials credentials) {
    List<X509Certificate> chain = credentials.certificates();
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    if (!authority.verifies(chain)) {
      throw Failure.Unauthorized.PLAIN.toException();
    }
    SubjectName subject = SubjectName.of(chain.getFirst());
    if (subject.commonName().isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> extra =
        Map.of("authentication.kubernetes.io/credential-id", List.of("X509SHA256=" + fingerprint(chain.getFirst())));
    return Optional.of(Authenticated.of(new UserInfo(subject.commonName(), subject.uid(), subject.organizations(), extra)));
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of().formatHex(Digests.sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw Failure.Unauthorized.PLAIN.toException();
    }
  }
}
