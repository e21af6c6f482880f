package io.thyra.model;

import java.util.List;
import java.util.Optional;

/// Finds out who makes a request. Called on event loops: a signature check is fine, waiting for somebody else is not,
/// unless [#mayBlock] says so. Implementations are safe for use by many threads.
/// Source: apiserver pkg/authentication/authenticator/interfaces.go.
@FunctionalInterface
public interface Authenticator {
  /// Who it is; empty when the credentials are none that this authenticator knows.
  ///
  /// @throws ApiException with [Failure.Unauthorized] when the credentials are of a known kind and wrong
  Optional<Authenticated> authenticate(Credentials credentials);

  /// Whether [#authenticate] may wait for longer than an event loop can bear.
  default boolean mayBlock() {
    return false;
  }

  /// A user who was found, and the audiences that both the token and the server name; empty for any.
  record Authenticated(UserInfo user, List<String> audiences) {
    public Authenticated {
      audiences = List.copyOf(audiences);
    }

    public static Authenticated of(UserInfo user) {
      return new Authenticated(user, List.of());
    }
  }
}
