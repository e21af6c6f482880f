package io.thyra.groups.certificates;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;

/// A certificate request that says no more than its key.
sealed interface StubRequest {
  /// What is no request.
  record Unreadable() implements StubRequest {}

  /// @param signed whether the holder of the key signed the request
  record Read(PodKey key, boolean signed) implements StubRequest {}

  static StubRequest read(byte[] encoded) {
    try {
      var request = new PKCS10CertificationRequest(encoded);
      if (!Arrays.equals(request.getEncoded(), encoded)) {
        return new Unreadable();
      }
      var key = new PodKey(request.getSubjectPublicKeyInfo());
      if (!key.isUnknown() && PodKey.read(request.getSubjectPublicKeyInfo().getEncoded()).isEmpty()) {
        return new Unreadable();
      }
      return new Read(key, isSigned(request));
    } catch (IOException | IllegalArgumentException _) {
      return new Unreadable();
    }
  }

  private static boolean isSigned(PKCS10CertificationRequest request) {
    try {
      return request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(request.getSubjectPublicKeyInfo()));
    } catch (PKCSException | OperatorCreationException _) {
      return false;
    }
  }
}
