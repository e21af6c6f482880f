package io.thyra.authentication;

import io.thyra.model.Authenticator.Authenticated;
import java.util.List;
import java.util.Optional;

/// Knows some bearer tokens.
public interface TokenAuthenticator {
  /// The owner of a token; empty when it is none of this authenticator's.
  ///
  /// @param audiences what the token must be meant for; empty for those of the server
  /// @throws InvalidTokenException when it is one of this authenticator's and not valid
  Optional<Authenticated> authenticate(String token, List<String> audiences);

  /// Why a token is not valid, in upstream's words; a TokenReview shows them, a refused request does not.
  final class InvalidTokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidTokenException(String message) {
      super(message, null, false, false);
    }
  }
}
