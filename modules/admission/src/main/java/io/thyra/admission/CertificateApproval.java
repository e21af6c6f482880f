package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.registry.AdmissionAttributes;

/// Approving a certificate needs the verb `approve` on its signer.
/// Source: kubernetes plugin/pkg/admission/certificates/approval/admission.go.
record CertificateApproval(Signers signers) implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes)
        && attributes.subresource().equals("approval")
        && Resources.is(attributes, Resources.SIGNING_REQUESTS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    String signer = Resources.oldObject(attributes).string("spec", "signerName");
    if (!signers.allows(attributes.context().user(), "approve", signer)) {
      throw Refusal.forbidden(attributes, "user not permitted to approve requests with signerName " + GoText.quote(signer));
    }
  }
}
