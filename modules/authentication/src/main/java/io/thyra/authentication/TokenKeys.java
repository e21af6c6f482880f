package io.thyra.authentication;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// The keys of service-account tokens, read from PEM files. A key's id is the URL-safe base64 of the SHA-256 of its
/// public part, as upstream makes it.
public final class TokenKeys {
  private static final JcaPEMKeyConverter CONVERTER = new JcaPEMKeyConverter();

  private TokenKeys() {}

  /// The public keys of a file that may hold public keys, private keys and certificates.
  public static List<JWK> readPublic(Path file) throws IOException {
    var keys = new ArrayList<JWK>();
    try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file, StandardCharsets.UTF_8)))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        switch (part) {
          case PEMKeyPair pair -> keys.add(publicKey(CONVERTER.getPublicKey(pair.getPublicKeyInfo())));
          case SubjectPublicKeyInfo info -> keys.add(publicKey(CONVERTER.getPublicKey(info)));
          case X509CertificateHolder certificate ->
              keys.add(publicKey(CONVERTER.getPublicKey(certificate.getSubjectPublicKeyInfo())));
          case PrivateKeyInfo info -> keys.add(ofPrivate(info).toPublicJWK());
          default -> {}
        }
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw unusable(e);
    }
    if (keys.isEmpty()) {
      throw new IOException("data does not contain any valid RSA or ECDSA public keys");
    }
    return keys;
  }

  /// The private key of a file.
  public static JWK readPrivate(Path file) throws IOException {
    try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file, StandardCharsets.UTF_8)))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PEMKeyPair pair) {
          return ofPrivate(pair.getPrivateKeyInfo());
        }
        if (part instanceof PrivateKeyInfo info) {
          return ofPrivate(info);
        }
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw unusable(e);
    }
    throw new IOException("data does not contain a valid RSA or ECDSA private key");
  }

  /// What the libraries say of a key that is well-formed and none.
  private static IOException unusable(RuntimeException why) {
    return new IOException(why.getMessage(), why);
  }

  private static JWK ofPrivate(PrivateKeyInfo info) throws IOException {
    try {
      var key = CONVERTER.getPrivateKey(info);
      if (key instanceof RSAPrivateCrtKey rsa) {
        var spec = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
        var open = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
        return new RSAKey.Builder((RSAKey) publicKey(open)).privateKey(rsa).build();
      }
      if (key instanceof ECPrivateKey ec) {
        var point =
            org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey()).getPublicKey();
        if (point == null) {
          throw new IOException("an EC key without its public part");
        }
        var open = (ECPublicKey) CONVERTER.getPublicKey(new SubjectPublicKeyInfo(info.getPrivateKeyAlgorithm(), point.getBytes()));
        return new ECKey.Builder((ECKey) publicKey(open)).privateKey(ec).build();
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e.getMessage(), e);
    }
    throw new IOException("neither an RSA nor an ECDSA key");
  }

  private static JWK publicKey(PublicKey key) throws IOException {
    String id = Base64.getUrlEncoder().withoutPadding().encodeToString(Digests.sha256(key.getEncoded()));
    return switch (key) {
      case RSAPublicKey rsa ->
          new RSAKey.Builder(rsa).keyID(id).algorithm(JWSAlgorithm.RS256).keyUse(KeyUse.SIGNATURE).build();
      case ECPublicKey ec -> {
        Curve curve = Curve.forECParameterSpec(ec.getParams());
        if (curve == null) {
          throw new IOException("an EC curve that tokens cannot be signed with");
        }
        yield new ECKey.Builder(curve, ec).keyID(id).algorithm(algorithm(curve)).keyUse(KeyUse.SIGNATURE).build();
      }
      default -> throw new IOException("neither an RSA nor an ECDSA key");
    };
  }

  private static JWSAlgorithm algorithm(Curve curve) throws IOException {
    if (curve.equals(Curve.P_256)) {
      return JWSAlgorithm.ES256;
    }
    if (curve.equals(Curve.P_384)) {
      return JWSAlgorithm.ES384;
    }
    if (curve.equals(Curve.P_521)) {
      return JWSAlgorithm.ES512;
    }
    throw new IOException("an EC curve that tokens cannot be signed with");
  }

}
