package io.thyra.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Bearer tokens: `T` and a token, `C` and the claims of one that is signed with a key that is believed.
public final class TokenFuzz {
  private static final ECKey KEY = key();
  private static final ECDSASigner SIGNER = signer();
  private static final AccountTokens TOKENS =
      new AccountTokens(
          List.of("i"),
          List.of("api"),
          Optional.of(KEY),
          List.of(KEY.toPublicJWK()),
          true,
          (_, _, _) -> Optional.of(ObjectValue.of("metadata", ObjectValue.ofStrings(java.util.Map.of("uid", "u")))),
          Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

  private TokenFuzz() {}

  private static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("k").algorithm(JWSAlgorithm.ES256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ECDSASigner signer() {
    try {
      return new ECDSASigner(KEY);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(data, 1, data.length);
    String token = data[0] == 'C' ? signed(rest) : new String(rest, StandardCharsets.UTF_8);
    try {
      TOKENS.authenticate(token, List.of());
    } catch (TokenAuthenticator.InvalidTokenException _) {
      // Not believed.
    }
  }

  private static String signed(byte[] claims) {
    try {
      var token = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("k").build(), new Payload(claims));
      token.sign(SIGNER);
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
