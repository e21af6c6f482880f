package io.thyra.groups.certificates;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// The public key of a pod, in the encoding that certificates have. Source: Go crypto/x509, crypto/rsa.
record PodKey(SubjectPublicKeyInfo info) {
  static final String UNKNOWN = "unknown public key type; supported types are Ed25519, ECDSA, and RSA";

  private static final String RSA = "1.2.840.113549.1.1.1";
  private static final String ELLIPTIC = "1.2.840.10045.2.1";
  private static final String ED25519 = "1.3.101.112";
  private static final Map<String, String> CURVES =
      Map.of(
          "1.3.132.0.33", "P-224", "1.2.840.10045.3.1.7", "P-256", "1.3.132.0.34", "P-384", "1.3.132.0.35", "P-521");
  // Those that Go reads besides, though nobody may use them here.
  private static final List<String> OTHERS = List.of("1.3.101.110", "1.2.840.10040.4.1");
  private static final List<Integer> RSA_BITS = List.of(3072, 4096);
  private static final int HASH_BYTES = 32;

  /// Empty for what is no key that Go reads.
  static Optional<PodKey> read(byte[] encoded) {
    try {
      var key = new PodKey(SubjectPublicKeyInfo.getInstance(encoded));
      boolean whole = Arrays.equals(key.info.getEncoded(), encoded);
      return whole && (key.isUnknown() ? OTHERS.contains(key.algorithm()) : key.isSound()) ? Optional.of(key) : Optional.empty();
    } catch (IOException | IllegalArgumentException | GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private String algorithm() {
    return info.getAlgorithm().getAlgorithm().getId();
  }

  boolean isUnknown() {
    return !List.of(RSA, ELLIPTIC, ED25519).contains(algorithm());
  }

  private boolean isSound() throws GeneralSecurityException, IOException {
    if (algorithm().equals(ELLIPTIC) && curve().isEmpty()) {
      return false;
    }
    // The platform has not that curve, which is refused later.
    return curve().equals("P-224") || key() != null;
  }

  private String curve() {
    return algorithm().equals(ELLIPTIC) && info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier named
        ? CURVES.getOrDefault(named.getId(), "")
        : "";
  }

  private PublicKey key() throws GeneralSecurityException, IOException {
    String family = algorithm().equals(RSA) ? "RSA" : algorithm().equals(ELLIPTIC) ? "EC" : "Ed25519";
    return KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(info.getEncoded()));
  }

  /// What is wrong with a key of a known type.
  void check(FieldPath path, String curves, List<FieldError> errors) {
    if (curve().equals("P-224")) {
      errors.add(FieldError.invalid(path, "curve P-224", curves));
    }
    try {
      if (algorithm().equals(RSA) && key() instanceof RSAPublicKey rsa) {
        int bits = (rsa.getModulus().bitLength() + 7) / 8 * 8;
        if (!RSA_BITS.contains(bits)) {
          errors.add(FieldError.invalid(path, bits + "-bit modulus", "RSA keys must have modulus size 3072 or 4096"));
        }
      }
    } catch (GeneralSecurityException | IOException _) {
      // It was read before.
    }
  }

  /// Whether the holder of the key signed a message.
  boolean verifies(byte[] message, byte[] signature) {
    try {
      return switch (algorithm()) {
        case ELLIPTIC -> verifies(Signature.getInstance("SHA256withECDSA"), message, signature);
        case ED25519 -> verifies(Signature.getInstance("Ed25519"), message, signature);
        default -> verifiesPss(message, signature);
      };
    } catch (GeneralSecurityException | IOException _) {
      return false;
    }
  }

  private boolean verifies(Signature verifier, byte[] message, byte[] signature) throws GeneralSecurityException, IOException {
    verifier.initVerify(key());
    verifier.update(message);
    return verifier.verify(signature);
  }

  /// The signature may have a salt of any length, which it does not say: the usual ones are tried first.
  private boolean verifiesPss(byte[] message, byte[] signature) throws GeneralSecurityException, IOException {
    BigInteger modulus = ((RSAPublicKey) key()).getModulus();
    int longest = (modulus.bitLength() + 6) / 8 - HASH_BYTES - 2;
    IntStream lengths = IntStream.concat(IntStream.of(longest, HASH_BYTES), IntStream.rangeClosed(0, longest)).distinct();
    for (int length : lengths.toArray()) {
      Signature verifier = Signature.getInstance("RSASSA-PSS");
      verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, length, 1));
      try {
        if (verifies(verifier, message, signature)) {
          return true;
        }
      } catch (java.security.SignatureException _) {
        return false;
      }
    }
    return false;
  }
}
