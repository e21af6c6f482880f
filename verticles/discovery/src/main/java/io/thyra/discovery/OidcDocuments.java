package io.thyra.discovery;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;

/// How others verify the tokens of service accounts: the two JSON documents of the issuer. Shared, not to be changed.
///
/// @param configuration `/.well-known/openid-configuration`
/// @param keySet `/openid/v1/jwks`
public record OidcDocuments(Buffer configuration, Buffer keySet) {
  public OidcDocuments {
    Objects.requireNonNull(configuration);
    Objects.requireNonNull(keySet);
  }
}
