package io.thyra.launcher;

import io.thyra.model.Authenticator;
import io.thyra.model.Credentials;
import java.util.Optional;

/// An authenticator that is replaced when the files behind it change. Its state is one volatile reference.
final class ReloadedAuthenticator implements Authenticator {
  private volatile Authenticator current;

  ReloadedAuthenticator(Authenticator first) {
    current = first;
  }

  void replace(Authenticator next) {
    current = next;
  }

  @Override
  public Optional<Authenticated> authenticate(Credentials credentials) {
    return current.authenticate(credentials);
  }

  @Override
  public boolean mayBlock() {
    return current.mayBlock();
  }
}
