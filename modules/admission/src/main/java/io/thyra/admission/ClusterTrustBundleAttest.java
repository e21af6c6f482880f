package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;

/// Writing a trust bundle of a signer needs the verb `attest` on the signer.
/// Source: kubernetes plugin/pkg/admission/certificates/ctbattest/admission.go.
record ClusterTrustBundleAttest(Signers signers) implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.is(attributes, Resources.TRUST_BUNDLES);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue bundle = Resources.object(attributes);
    String signer = bundle.string("spec", "signerName");
    boolean free = signer.isEmpty() || Resources.updates(attributes) && onlyCollects(bundle, Resources.oldObject(attributes));
    if (!free && !signers.allows(attributes.context().user(), "attest", signer)) {
      throw Refusal.forbidden(attributes, "user not permitted to attest for signerName " + GoText.quote(signer));
    }
  }

  /// Whether an update touches no more than the garbage collector does. Source: kubernetes pkg/registry/rbac/helpers.go.
  private static boolean onlyCollects(ObjectValue object, ObjectValue old) {
    return withoutOwners(object).equals(withoutOwners(old));
  }

  private static ObjectValue withoutOwners(ObjectValue object) {
    return object
        .withoutAt("metadata", "ownerReferences")
        .withoutAt("metadata", "finalizers")
        .withoutAt("metadata", "managedFields");
  }
}
