package io.thyra.model;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/// What a request shows of its sender. Never logged.
///
/// @param certificates the chain that the TLS client sent, its own first, not verified yet; empty when it sent none
/// @param headers all values of a header by its name in any case, in their order; an empty list when there is none
/// @param headerNames the names of all headers, for those that are known by a prefix only (`X-Remote-Extra-`)
/// @param protocols the subprotocols that a WebSocket offers, one of which may be
///     `base64url.bearer.authorization.k8s.io.TOKEN`; empty when the request opens no WebSocket
/// @param audiences the audiences that a token must be meant for; empty stands for those of the server
public record Credentials(
    List<X509Certificate> certificates,
    Function<String, List<String>> headers,
    Iterable<String> headerNames,
    List<String> protocols,
    List<String> audiences) {
  public Credentials {
    certificates = List.copyOf(certificates);
    protocols = List.copyOf(protocols);
    audiences = List.copyOf(audiences);
  }

  /// A bare bearer token, as a TokenReview asks about.
  public static Credentials token(String token, List<String> audiences) {
    List<String> value = List.of("Bearer " + token);
    return new Credentials(
        List.of(), name -> name.equalsIgnoreCase("Authorization") ? value : List.of(), List.of("Authorization"), List.of(), audiences);
  }

  /// The first value of a header, empty when there is none.
  public String header(String name) {
    List<String> values = headers.apply(name);
    return values.isEmpty() ? "" : values.getFirst();
  }
}
