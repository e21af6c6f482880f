package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// No client certificate of the API server is asked for in the group of those who may do everything.
/// Source: kubernetes plugin/pkg/admission/certificates/subjectrestriction/admission.go.
final class CertificateSubjectRestriction implements Plugin {
  private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";
  private static final String BEGIN = "-----BEGIN CERTIFICATE REQUEST-----";
  private static final String END = "-----END CERTIFICATE REQUEST-----";

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.SIGNING_REQUESTS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue request = Resources.object(attributes);
    if (!request.string("spec", "signerName").equals(CLIENT_SIGNER)) {
      return;
    }
    PKCS10CertificationRequest parsed;
    try {
      parsed = parse(request.string("spec", "request"));
    } catch (IOException | IllegalArgumentException e) {
      throw Refusal.forbidden(attributes, "failed to parse CSR: " + e.getMessage());
    }
    boolean masters =
        Arrays.stream(parsed.getSubject().getRDNs(BCStyle.O))
            .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
            .anyMatch(v -> v.getType().equals(BCStyle.O) && v.getValue() instanceof ASN1String s && s.getString().equals("system:masters"));
    if (masters) {
      throw Refusal.forbidden(attributes, "use of " + CLIENT_SIGNER + " signer with system:masters group is not allowed");
    }
  }

  /// The request in a PEM block that is encoded once more.
  static PKCS10CertificationRequest parse(String base64) throws IOException {
    String pem = new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("PEM block type must be CERTIFICATE REQUEST");
    }
    return new PKCS10CertificationRequest(Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end)));
  }
}
