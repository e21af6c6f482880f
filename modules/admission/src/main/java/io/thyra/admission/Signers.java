package io.thyra.admission;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.UserInfo;

/// Who may do what in the name of a signer of certificates. Source: kubernetes pkg/certauthorization.
record Signers(Authorizer authorizer) {
  /// Whether a verb is granted for a signer by its name, or for all signers of its domain.
  boolean allows(UserInfo user, String verb, String signer) {
    int slash = signer.indexOf('/');
    String domain = slash < 0 ? signer : signer.substring(0, slash);
    return asked(user, verb, signer) || asked(user, verb, domain + "/*");
  }

  private boolean asked(UserInfo user, String verb, String name) {
    var question = AuthorizationAttributes.resource(user, verb, "certificates.k8s.io", "*", "signers", "", "", name);
    return authorizer.authorize(question).allowed();
  }
}
