package io.thyra.authentication;

import io.thyra.model.ApiException;
import io.thyra.model.Authenticator;
import io.thyra.model.Credentials;
import io.thyra.model.Failure;
import io.thyra.model.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The authenticators in upstream's order; the first that knows the credentials answers. Everybody who is known gets the
/// group system:authenticated. Credentials that are of a known kind and wrong end in 401 when no other authenticator
/// takes them; so does a caller without any when anonymous access is off.
/// Source: kubernetes pkg/kubeapiserver/authenticator/config.go.
public final class AuthenticatorChain implements Authenticator {
  private final List<Authenticator> chain;
  private final boolean anonymous;

  public AuthenticatorChain(List<Authenticator> chain, boolean anonymous) {
    this.chain = List.copyOf(chain);
    this.anonymous = anonymous;
  }

  @Override
  public Optional<Authenticated> authenticate(Credentials credentials) {
    ApiException refused = null;
    for (Authenticator authenticator : chain) {
      try {
        Optional<Authenticated> found = authenticator.authenticate(credentials);
        if (found.isPresent()) {
          return Optional.of(grouped(found.get()));
        }
      } catch (ApiException wrong) {
        refused = wrong;
      }
    }
    if (refused != null) {
      throw refused;
    }
    if (anonymous) {
      return Optional.of(Authenticated.of(new UserInfo(UserInfo.ANONYMOUS, "", List.of(UserInfo.UNAUTHENTICATED))));
    }
    throw Failure.Unauthorized.PLAIN.toException();
  }

  /// A user with the group that everybody who is known has.
  static Authenticated grouped(Authenticated found) {
    UserInfo user = found.user();
    if (user.name().equals(UserInfo.ANONYMOUS) || user.isIn(UserInfo.AUTHENTICATED) || user.isIn(UserInfo.UNAUTHENTICATED)) {
      return found;
    }
    var groups = new ArrayList<>(user.groups());
    groups.add(UserInfo.AUTHENTICATED);
    return new Authenticated(new UserInfo(user.name(), user.uid(), groups, user.extra()), found.audiences());
  }
}
