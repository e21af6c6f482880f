package io.thyra.authentication;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.thyra.model.Authenticator.Authenticated;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Service-account tokens: issued for an account and what it is bound to, verified by signature, issuer, audience and
/// time, and by whether account and bound object still exist.
/// Source: kubernetes pkg/serviceaccount/{jwt,claims}.go.
public final class AccountTokens implements TokenAuthenticator {
  private static final Duration LEEWAY = Duration.ofMinutes(1);
  // A token longer than this is not looked at: bounds the work that a stranger can ask for.
  private static final int TOKEN_CHARACTERS_MAX = 16 * 1024;
  private static final String CREDENTIAL = "authentication.kubernetes.io/";

  /// Finds the objects that tokens depend on: serviceaccounts, pods, secrets (with a namespace) and nodes (without).
  public interface Lookup {
    Optional<ObjectValue> find(String resource, String namespace, String name);
  }

  /// What a token says beyond its account.
  ///
  /// @param bound the kind that it is bound to (Pod, Secret, Node), empty for none, with `boundName` and `boundUid`
  /// @param nodeName the node of a bound pod, empty when it has none; `nodeUid` empty when the node is not there
  /// @param warnAfter when a token that was made longer than asked should have ended; zero for none
  public record Binding(String bound, String boundName, String boundUid, String nodeName, String nodeUid, Duration warnAfter) {
    public static final Binding NONE = new Binding("", "", "", "", "", Duration.ZERO);
  }

  private final List<String> issuers;
  private final List<String> audiences;
  private final Optional<JWK> signingKey;
  private final List<JWK> keys;
  private final boolean lookupObjects;
  private final Lookup lookup;
  private final Clock clock;

  /// @param issuers the first issues, all are believed
  /// @param audiences what a token for this server must be meant for
  public AccountTokens(
      List<String> issuers, List<String> audiences, Optional<JWK> signingKey, List<JWK> keys, boolean lookupObjects, Lookup lookup, Clock clock) {
    this.issuers = List.copyOf(issuers);
    this.audiences = List.copyOf(audiences);
    this.signingKey = signingKey;
    this.keys = List.copyOf(keys);
    this.lookupObjects = lookupObjects;
    this.lookup = lookup;
    this.clock = clock;
  }

  /// The audiences of this server.
  public List<String> audiences() {
    return audiences;
  }

  public String issuer() {
    return issuers.getFirst();
  }

  /// The public keys as the document at /openid/v1/jwks.
  public String keySet() {
    return new JWKSet(keys).toString();
  }

  /// The algorithms of the public keys, each once.
  public List<String> algorithms() {
    return keys.stream().map(key -> key.getAlgorithm().getName()).distinct().sorted().toList();
  }

  /// A signed token with an id that nobody was told.
  public String issue(String namespace, String name, String uid, List<String> tokenAudiences, Duration life, Binding binding) {
    return issue(UUID.randomUUID().toString(), namespace, name, uid, tokenAudiences, life, binding);
  }

  /// A signed token.
  ///
  /// @param id which the audit log tells, of who got the token and of who comes with it
  public String issue(
      String id, String namespace, String name, String uid, List<String> tokenAudiences, Duration life, Binding binding) {
    Instant now = clock.instant();
    JWK key = signingKey.orElseThrow(() -> new IllegalStateException("no key to sign tokens with"));
    var claims = new LinkedHashMap<String, Object>();
    claims.put("aud", tokenAudiences);
    claims.put("exp", now.plus(life).getEpochSecond());
    claims.put("iat", now.getEpochSecond());
    claims.put("iss", issuer());
    claims.put("jti", id);
    var kubernetes = new LinkedHashMap<String, Object>();
    kubernetes.put("namespace", namespace);
    if (!binding.nodeName().isEmpty()) {
      kubernetes.put("node", reference(binding.nodeName(), binding.nodeUid()));
    }
    if (!binding.bound().isEmpty()) {
      kubernetes.put(binding.bound().toLowerCase(Locale.ROOT), reference(binding.boundName(), binding.boundUid()));
    }
    kubernetes.put("serviceaccount", reference(name, uid));
    if (!binding.warnAfter().isZero()) {
      kubernetes.put("warnafter", now.plus(binding.warnAfter()).getEpochSecond());
    }
    claims.put("kubernetes.io", kubernetes);
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", "system:serviceaccount:" + namespace + ":" + name);
    try {
      JWSHeader header = new JWSHeader.Builder((JWSAlgorithm) key.getAlgorithm()).keyID(key.getKeyID()).build();
      JWSObject token = new JWSObject(header, new Payload(claims));
      token.sign(signer(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("a token could not be signed", e);
    }
  }

  private static Map<String, Object> reference(String name, String uid) {
    var reference = new LinkedHashMap<String, Object>();
    reference.put("name", name);
    if (!uid.isEmpty()) {
      reference.put("uid", uid);
    }
    return reference;
  }

  private static JWSSigner signer(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSASigner(rsa);
      case ECKey ec -> new ECDSASigner(ec);
      default -> throw new JOSEException("no key for signing");
    };
  }

  @Override
  public Optional<Authenticated> authenticate(String token, List<String> wanted) {
    if (token.length() > TOKEN_CHARACTERS_MAX) {
      return Optional.empty();
    }
    JWSObject parsed;
    Map<String, Object> claims;
    try {
      parsed = JWSObject.parse(token);
      claims = parsed.getPayload().toJSONObject();
    } catch (ParseException | IllegalArgumentException _) {
      return Optional.empty();
    }
    if (claims == null || !(claims.get("iss") instanceof String issuer) || !issuers.contains(issuer)) {
      return Optional.empty();
    }
    verifySignature(parsed);
    List<String> meant = audiencesOf(claims);
    List<String> target = wanted.isEmpty() ? audiences : wanted;
    List<String> common = target.stream().filter(meant::contains).toList();
    if (common.isEmpty()) {
      throw new InvalidTokenException("token audiences " + quoted(meant) + " is invalid for the target audiences " + quoted(target));
    }
    return Optional.of(new Authenticated(validate(claims), common));
  }

  private List<String> audiencesOf(Map<String, Object> claims) {
    return switch (claims.get("aud")) {
      case String one -> List.of(one);
      case List<?> many -> many.stream().map(String::valueOf).toList();
      case null, default -> audiences;
    };
  }

  private static String quoted(List<String> texts) {
    return "[" + String.join(" ", texts.stream().map(t -> '"' + t + '"').toList()) + "]";
  }

  private void verifySignature(JWSObject token) {
    String id = token.getHeader().getKeyID();
    List<JWK> candidates = keys.stream().filter(key -> id != null && id.equals(key.getKeyID())).toList();
    if (candidates.isEmpty()) {
      candidates = keys;
    }
    for (JWK key : candidates) {
      try {
        // The algorithm is the key's, never one that the token chose.
        if (token.getHeader().getAlgorithm().equals(key.getAlgorithm()) && token.verify(verifier(key))) {
          return;
        }
      } catch (JOSEException _) {
        // Not this key's.
      }
    }
    throw new InvalidTokenException("invalid signature");
  }

  private static JWSVerifier verifier(JWK key) throws JOSEException {
    return switch (key) {
      case RSAKey rsa -> new RSASSAVerifier(rsa);
      case ECKey ec -> new ECDSAVerifier(ec);
      default -> throw new JOSEException("no key for signatures");
    };
  }

  private UserInfo validate(Map<String, Object> claims) {
    Instant now = clock.instant();
    if (time(claims, "exp").map(end -> now.minus(LEEWAY).isAfter(end)).orElse(false)) {
      throw new InvalidTokenException("service account token has expired");
    }
    if (time(claims, "nbf").map(start -> now.plus(LEEWAY).isBefore(start)).orElse(false)) {
      throw new InvalidTokenException("service account token is not valid yet");
    }
    if (time(claims, "iat").map(start -> now.plus(LEEWAY).isBefore(start)).orElse(false)) {
      throw new InvalidTokenException("service account token is issued in the future");
    }
    Map<?, ?> facts = map(claims.get("kubernetes.io"));
    String namespace = text(facts.get("namespace"));
    Map<?, ?> account = map(facts.get("serviceaccount"));
    String name = text(account.get("name"));
    String uid = text(account.get("uid"));
    if (lookupObjects) {
      checkAccount(namespace, name, uid, now);
      checkBound("secrets", "secret", namespace, map(facts.get("secret")), now);
      checkBound("pods", "pod", namespace, map(facts.get("pod")), now);
      if (map(facts.get("pod")).isEmpty()) {
        checkBound("nodes", "node", "", map(facts.get("node")), now);
      }
    }
    return new UserInfo(
        "system:serviceaccount:" + namespace + ":" + name,
        uid,
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
        extra(claims, map(facts.get("pod")), map(facts.get("node"))));
  }

  private static Map<String, List<String>> extra(Map<String, Object> claims, Map<?, ?> pod, Map<?, ?> node) {
    var extra = new LinkedHashMap<String, List<String>>();
    putExtra(extra, "credential-id", claims.get("jti") instanceof String id && !id.isEmpty() ? "JTI=" + id : "");
    putExtra(extra, "pod-name", text(pod.get("name")));
    putExtra(extra, "pod-uid", text(pod.get("uid")));
    putExtra(extra, "node-name", text(node.get("name")));
    putExtra(extra, "node-uid", text(node.get("uid")));
    return extra;
  }

  private static void putExtra(Map<String, List<String>> extra, String name, String value) {
    if (!value.isEmpty()) {
      extra.put(CREDENTIAL + name, List.of(value));
    }
  }

  private void checkAccount(String namespace, String name, String uid, Instant now) {
    ObjectValue account =
        lookup
            .find("serviceaccounts", namespace, name)
            .orElseThrow(() -> new InvalidTokenException("serviceaccounts \"" + name + "\" not found"));
    String actual = account.string("metadata", "uid");
    if (!actual.equals(uid)) {
      throw new InvalidTokenException("service account UID (" + actual + ") does not match claim (" + uid + ")");
    }
    if (deleted(account, now)) {
      throw new InvalidTokenException("service account " + namespace + "/" + name + " has been deleted");
    }
  }

  private void checkBound(String resource, String word, String namespace, Map<?, ?> reference, Instant now) {
    if (reference.isEmpty()) {
      return;
    }
    Optional<ObjectValue> found = lookup.find(resource, namespace, text(reference.get("name")));
    String claimed = text(reference.get("uid"));
    if (found.isEmpty() || deleted(found.get(), now)) {
      throw new InvalidTokenException("service account token has been invalidated");
    }
    String actual = found.get().string("metadata", "uid");
    if (!actual.equals(claimed)) {

      throw new InvalidTokenException(
          word + " UID (" + actual + ") does not match service account " + word + " ref claim (" + claimed + ")");
    }
  }

  // What was deleted within the leeway is still believed, as upstream does.
  private static boolean deleted(ObjectValue object, Instant now) {
    String time = object.string("metadata", "deletionTimestamp");
    return !time.isEmpty() && Instant.parse(time).isBefore(now.minus(LEEWAY));
  }

  private static Optional<Instant> time(Map<String, Object> claims, String name) {
    return claims.get(name) instanceof Number seconds ? Optional.of(Instant.ofEpochSecond(seconds.longValue())) : Optional.empty();
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }

  private static String text(@Nullable Object value) {
    return value instanceof String text ? text : "";
  }
}
