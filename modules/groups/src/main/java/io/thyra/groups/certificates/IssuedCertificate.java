package io.thyra.groups.certificates;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

/// The chain that a signer issues for a pod, with its times. Source: pkg/apis/certificates/validation/validation.go,
/// ValidatePodCertificateRequestStatusUpdate.
///
/// @param spec of the request, which the chain answers
record IssuedCertificate(ObjectValue spec, ObjectValue status, Instant now) {
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath CHAIN = STATUS.child("certificateChain");
  private static final FieldPath NOT_BEFORE = STATUS.child("notBefore");
  private static final FieldPath NOT_AFTER = STATUS.child("notAfter");
  private static final FieldPath REFRESH = STATUS.child("beginRefreshAt");
  private static final int CHAIN_BYTES_MAX = 100 * 1024;
  private static final Duration SKEW_MAX = Duration.ofMinutes(5);
  private static final Duration LIFE_MIN = Duration.ofHours(1);
  private static final Duration MARGIN = Duration.ofMinutes(10);
  private static final int DNS = GeneralName.dNSName;
  private static final int MAIL = GeneralName.rfc822Name;
  private static final Pattern MAIL_ADDRESS = Pattern.compile("[^\\s@<>()\\[\\],;:\\\\\"]+@[^\\s@<>()\\[\\],;:\\\\\"]+");

  void check(List<FieldError> errors) {
    String text = status.string("certificateChain");
    if (text.getBytes(StandardCharsets.UTF_8).length > CHAIN_BYTES_MAX) {
      errors.add(FieldError.tooLong(CHAIN, CHAIN_BYTES_MAX));
      return;
    }
    List<Pem> blocks = Pem.parse(text);
    if (blocks.isEmpty()) {
      errors.add(FieldError.invalid(CHAIN, text, "issued certificate chain must contain at least one certificate"));
      return;
    }
    if (!blocks.getFirst().type().equals("CERTIFICATE")) {
      errors.add(FieldError.invalid(CHAIN, text, "issued certificate chain must consist entirely of CERTIFICATE PEM blocks"));
      return;
    }
    Optional<X509CertificateHolder> leaf = parse(blocks.getFirst());
    if (leaf.isEmpty()) {
      errors.add(FieldError.invalid(CHAIN, text, "leaf certificate does not parse as valid X.509"));
      return;
    }
    names(leaf.get(), errors);
    if (isForKey(leaf.get(), text, errors) && isTimed(errors) && fits(leaf.get(), errors)) {
      rest(blocks.subList(1, blocks.size()), text, errors);
    }
  }

  private static Optional<X509CertificateHolder> parse(Pem block) {
    // The platform's own reader refuses names that are judged here.
    try {
      return Optional.of(new X509CertificateHolder(block.bytes()));
    } catch (IOException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static void names(X509CertificateHolder leaf, List<FieldError> errors) {
    for (String name : alternatives(leaf, DNS)) {
      if (name.isEmpty()) {
        errors.add(FieldError.invalid(CHAIN, name, "leaf certificate should not contain empty DNSName"));
      }
      if (name.contains("..")) {
        errors.add(FieldError.invalid(CHAIN, name, "leaf certificate's DNSName should not contain '..'"));
      }
      if (name.startsWith(".") || name.endsWith(".")) {
        errors.add(FieldError.invalid(CHAIN, name, "leaf certificate's DNSName should not start or end with '.'"));
      }
    }
    for (String address : alternatives(leaf, MAIL)) {
      if (!MAIL_ADDRESS.matcher(address).matches()) {
        errors.add(FieldError.invalid(CHAIN, address, "leaf certificate should not contain invalid EmailAddress"));
      }
    }
  }

  private static List<String> alternatives(X509CertificateHolder leaf, int kind) {
    var found = new ArrayList<String>();
    GeneralNames names = GeneralNames.fromExtensions(leaf.getExtensions(), Extension.subjectAlternativeName);
    if (names != null) {
      for (GeneralName name : names.getNames()) {
        if (name.getTagNo() == kind) {
          found.add(name.getName().toString());
        }
      }
    }
    return found;
  }

  private boolean isForKey(X509CertificateHolder leaf, String text, List<FieldError> errors) {
    byte[] stub = PodCertificateRules.bytes(spec, "stubPKCS10Request");
    Optional<PodKey> wanted;
    if (stub.length > 0) {
      wanted = StubRequest.read(stub) instanceof StubRequest.Read(PodKey key, boolean _) ? Optional.of(key) : Optional.empty();
    } else {
      wanted = PodKey.read(PodCertificateRules.bytes(spec, "pkixPublicKey"));
    }
    if (wanted.isEmpty()) {
      FieldPath path = FieldPath.of("spec").child(stub.length > 0 ? "stubPKCS10Request" : "pkixPublicKey");
      errors.add(
          Checks.invalidUnshown(path, stub.length > 0 ? "must be a valid PKCS#10 CSR" : "must be a valid PKIX-serialized public key"));
      return false;
    }
    try {
      if (Arrays.equals(wanted.get().info().getEncoded(), leaf.getSubjectPublicKeyInfo().getEncoded())) {
        return true;
      }
    } catch (IOException _) {
      // Another key, then.
    }
    errors.add(FieldError.invalid(CHAIN, text, "leaf certificate was not issued to the requested public key"));
    return false;
  }

  private boolean isTimed(List<FieldError> errors) {
    int before = errors.size();
    String consistent = "must be present and consistent with the issued certificate";
    if (!isSet(status, "notBefore")) {
      errors.add(FieldError.required(NOT_BEFORE, consistent));
    }
    if (!isSet(status, "notAfter")) {
      errors.add(FieldError.required(NOT_AFTER, consistent));
    }
    if (!isSet(status, "beginRefreshAt")) {
      errors.add(FieldError.required(REFRESH, "must be present and in the range [notbefore+10min, notafter-10min]"));
    }
    return errors.size() == before && errors.isEmpty();
  }

  /// Whether the times agree with the certificate and with the request; the first that does not is told.
  private boolean fits(X509CertificateHolder leaf, List<FieldError> errors) {
    Instant from = time("notBefore");
    Instant to = time("notAfter");
    Instant refresh = time("beginRefreshAt");
    Duration life = Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant());
    long most = spec.integer(0, "maxExpirationSeconds");
    if (!from.equals(leaf.getNotBefore().toInstant())) {
      errors.add(invalid(NOT_BEFORE, from, "must be set to the NotBefore time encoded in the leaf certificate"));
    } else if (!Duration.between(from, now).abs().minus(SKEW_MAX).isNegative()) {
      errors.add(invalid(NOT_BEFORE, from, "must be set to within 5 minutes of kube-apiserver's current time"));
    } else if (!to.equals(leaf.getNotAfter().toInstant())) {
      errors.add(invalid(NOT_AFTER, to, "must be set to the NotAfter time encoded in the leaf certificate"));
    } else if (life.compareTo(LIFE_MIN) < 0) {
      errors.add(FieldError.invalid(CHAIN, life.toNanos(), "leaf certificate lifetime must be >= 1 hour"));
    } else if (life.toSeconds() > most) {
      String why = "leaf certificate lifetime must be <= spec.maxExpirationSeconds (" + most + ")";
      errors.add(FieldError.invalid(CHAIN, life.toNanos(), why));
    } else if (refresh.isBefore(from.plus(MARGIN))) {
      errors.add(invalid(REFRESH, refresh, "must be at least 10 minutes after status.notBefore"));
    } else if (refresh.isAfter(to.minus(MARGIN))) {
      errors.add(invalid(REFRESH, refresh, "must be at least 10 minutes before status.notAfter"));
    } else {
      return true;
    }
    return false;
  }

  private Instant time(String field) {
    return Instant.parse(status.string(field));
  }

  private static FieldError invalid(FieldPath path, Instant time, String why) {
    return FieldError.invalid(path, time.toString(), why);
  }

  private static void rest(List<Pem> blocks, String text, List<FieldError> errors) {
    for (Pem block : blocks) {
      if (!block.type().equals("CERTIFICATE")) {
        errors.add(FieldError.invalid(CHAIN, text, "issued certificate chain must consist entirely of CERTFICATE PEM blocks"));
        return;
      }
      if (!RequestedCertificate.isCertificate(block.bytes())) {
        errors.add(FieldError.invalid(CHAIN, text, "intermediate certificate does not parse as valid X.509"));
        return;
      }
    }
  }
}
