package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;

/// Writing a certificate or a condition of a request needs the verb `sign` on its signer.
/// Source: kubernetes plugin/pkg/admission/certificates/signing/admission.go.
record CertificateSigning(Signers signers) implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes)
        && attributes.subresource().equals("status")
        && Resources.is(attributes, Resources.SIGNING_REQUESTS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue old = Resources.oldObject(attributes);
    ObjectValue request = Resources.object(attributes);
    boolean same =
        old.string("status", "certificate").equals(request.string("status", "certificate"))
            && old.list("status", "conditions").equals(request.list("status", "conditions"));
    String signer = old.string("spec", "signerName");
    if (!same && !signers.allows(attributes.context().user(), "sign", signer)) {
      throw Refusal.forbidden(attributes, "user not permitted to sign requests with signerName " + GoText.quote(signer));
    }
  }
}
