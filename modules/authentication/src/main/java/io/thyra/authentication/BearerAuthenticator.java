package io.thyra.authentication;

import io.thyra.model.ApiException;
import io.thyra.model.Authenticator;
import io.thyra.model.Credentials;
import io.thyra.model.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Bearer tokens of the Authorization header, or of a WebSocket's subprotocols, shown to each [TokenAuthenticator] in turn.
/// Source: apiserver pkg/authentication/request/bearertoken and request/websocket.
public final class BearerAuthenticator implements Authenticator {
  private static final String WEBSOCKET_PREFIX = "base64url.bearer.authorization.k8s.io.";
  private static final String INVALID = "invalid bearer token";

  private final List<TokenAuthenticator> tokens;

  public BearerAuthenticator(List<TokenAuthenticator> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  @Override
  public Optional<Authenticated> authenticate(Credentials credentials) {
    Optional<String> token = findToken(credentials);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<Authenticated> found = review(token.get(), credentials.audiences());
      if (found.isPresent()) {
        return found;
      }
    } catch (TokenAuthenticator.InvalidTokenException _) {
      // The reason is for TokenReviews; a caller learns only that it is not let in.
    }
    throw Failure.Unauthorized.PLAIN.toException();
  }

  /// The owner of a token; empty when nobody knows it.
  ///
  /// @throws TokenAuthenticator.InvalidTokenException with the reasons of those who know it as not valid
  public Optional<Authenticated> review(String token, List<String> audiences) {
    var reasons = new ArrayList<String>();
    for (TokenAuthenticator authenticator : tokens) {
      try {
        Optional<Authenticated> found = authenticator.authenticate(token, audiences);
        if (found.isPresent()) {
          return found;
        }
      } catch (TokenAuthenticator.InvalidTokenException invalid) {
        reasons.add(invalid.getMessage());
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    throw new TokenAuthenticator.InvalidTokenException("[" + INVALID + ", " + String.join(", ", reasons) + "]");
  }

  /// The text of a TokenReview for a token that nobody knows.
  public static String unknownToken() {
    return INVALID;
  }

  private static Optional<String> findToken(Credentials credentials) {
    String header = credentials.header("Authorization").strip();
    if (header.length() > 7 && header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      String token = header.substring(7);
      int end = token.indexOf(' ');
      token = end < 0 ? token : token.substring(0, end);
      if (!token.isEmpty()) {
        return Optional.of(token);
      }
    }
    return findWebSocketToken(credentials.protocols());
  }

  private static Optional<String> findWebSocketToken(List<String> protocols) {
    Optional<String> encoded = protocols.stream().filter(p -> p.startsWith(WEBSOCKET_PREFIX)).findFirst();
    if (encoded.isEmpty()) {
      return Optional.empty();
    }
    if (protocols.size() < 2) {
      // The token protocol is never echoed, so another one must be there to agree on.
      throw Failure.Unauthorized.PLAIN.toException();
    }
    try {
      byte[] decoded = Base64.getUrlDecoder().decode(encoded.get().substring(WEBSOCKET_PREFIX.length()));
      return Optional.of(new String(decoded, StandardCharsets.UTF_8)).filter(token -> !token.isEmpty());
    } catch (IllegalArgumentException _) {
      throw new ApiException(Failure.Unauthorized.PLAIN);
    }
  }
}
