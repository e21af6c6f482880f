package io.thyra.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.thyra.model.Authenticator.Authenticated;
import io.thyra.model.ObjectValue;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountTokensTest {
  private static RSAKey key;
  private static RSAKey other;

  private final Map<String, ObjectValue> objects = new HashMap<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private AccountTokens tokens;

  @BeforeAll
  static void makeKeys() throws Exception {
    key = new RSAKeyGenerator(2048).keyID("k1").algorithm(JWSAlgorithm.RS256).generate();
    other = new RSAKeyGenerator(2048).keyID("k2").algorithm(JWSAlgorithm.RS256).generate();
  }

  @BeforeEach
  void open() {
    tokens = withKeys(key, key.toPublicJWK());
    objects.put("serviceaccounts/ns/robot", uid("u1"));
    objects.put("pods/ns/p", uid("u2"));
  }

  private AccountTokens withKeys(JWK signing, JWK verifying) {
    return new AccountTokens(
        List.of("https://issuer"),
        List.of("api"),
        Optional.of(signing),
        List.of(verifying),
        true,
        (resource, namespace, name) -> Optional.ofNullable(objects.get(resource + "/" + namespace + "/" + name)),
        clock);
  }

  private static ObjectValue uid(String uid) {
    return ObjectValue.of("metadata", ObjectValue.builder().put("uid", uid).build());
  }

  private String issue(AccountTokens issuer, AccountTokens.Binding binding) {
    return issuer.issue("ns", "robot", "u1", List.of("api", "vault"), Duration.ofHours(1), binding);
  }

  @Test
  void believesWhatItIssued() {
    Authenticated found = tokens.authenticate(issue(tokens, AccountTokens.Binding.NONE), List.of()).orElseThrow();
    assertThat(found.user().name()).isEqualTo("system:serviceaccount:ns:robot");
    assertThat(found.user().uid()).isEqualTo("u1");
    assertThat(found.user().groups()).containsExactly("system:serviceaccounts", "system:serviceaccounts:ns");
    assertThat(found.user().extra().get("authentication.kubernetes.io/credential-id").getFirst()).startsWith("JTI=");
    assertThat(found.audiences()).containsExactly("api");
  }

  @Test
  void refusesAnotherAudience() {
    String token = issue(tokens, AccountTokens.Binding.NONE);
    assertThatThrownBy(() -> tokens.authenticate(token, List.of("bank")))
        .hasMessage("token audiences [\"api\" \"vault\"] is invalid for the target audiences [\"bank\"]");
  }

  @Test
  void refusesAnotherKeysSignature() {
    String forged = issue(withKeys(other, other.toPublicJWK()), AccountTokens.Binding.NONE);
    assertThatThrownBy(() -> tokens.authenticate(forged, List.of())).hasMessage("invalid signature");
  }

  @Test
  void refusesAnUnsignedToken() {
    String[] parts = issue(tokens, AccountTokens.Binding.NONE).split("\\.");
    String none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
    assertThat(tokens.authenticate(none + "." + parts[1] + ".", List.of())).isEmpty();
  }

  @Test
  void endsWithItsTime() {
    String token = issue(tokens, AccountTokens.Binding.NONE);
    now = now.plus(Duration.ofMinutes(62));
    assertThatThrownBy(() -> tokens.authenticate(token, List.of())).hasMessage("service account token has expired");
  }

  @Test
  void endsWithItsAccount() {
    String token = issue(tokens, AccountTokens.Binding.NONE);
    objects.put("serviceaccounts/ns/robot", uid("u9"));
    assertThatThrownBy(() -> tokens.authenticate(token, List.of()))
        .hasMessage("service account UID (u9) does not match claim (u1)");
    objects.clear();
    assertThatThrownBy(() -> tokens.authenticate(token, List.of())).hasMessage("serviceaccounts \"robot\" not found");
  }

  @Test
  void endsWithThePodItIsBoundTo() {
    String token = issue(tokens, new AccountTokens.Binding("Pod", "p", "u2", "n", "u3", Duration.ZERO));
    Authenticated found = tokens.authenticate(token, List.of()).orElseThrow();
    assertThat(found.user().extra()).containsEntry("authentication.kubernetes.io/pod-name", List.of("p"));
    assertThat(found.user().extra()).containsEntry("authentication.kubernetes.io/node-uid", List.of("u3"));
    objects.remove("pods/ns/p");
    assertThatThrownBy(() -> tokens.authenticate(token, List.of())).hasMessage("service account token has been invalidated");
  }

  @Test
  void doesNotKnowWhatIsNoToken() {
    assertThat(tokens.authenticate("abc", List.of())).isEmpty();
    assertThat(tokens.authenticate("a.b.c", List.of())).isEmpty();
  }
}
