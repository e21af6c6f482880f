package io.thyra.ingress;

import io.vertx.core.buffer.Buffer;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/// The serving certificates. All material is PEM.
///
/// @param certificates the default pair first; more are chosen by the name that a client asks for
/// @param clientAuthorities the CAs that clients are told of; whether a client's certificate is any good is the
///     authenticator's question, so every certificate is let in here
/// @param protocols such as `TLSv1.2`, `TLSv1.3`
/// @param cipherSuites empty for the engine's own
/// @param http2 whether `h2` is offered beside `http/1.1`
public record Tls(
    List<Pair> certificates, List<X509Certificate> clientAuthorities, List<String> protocols, List<String> cipherSuites, boolean http2) {
  public static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

  /// A certificate chain and its key. The key is never printed.
  public record Pair(Buffer certificate, Buffer key) {
    public Pair {
      Objects.requireNonNull(certificate);
      Objects.requireNonNull(key);
    }

    @Override
    public String toString() {
      return "Pair[certificate and key]";
    }
  }

  public Tls {
    certificates = List.copyOf(certificates);
    clientAuthorities = List.copyOf(clientAuthorities);
    protocols = List.copyOf(protocols);
    cipherSuites = List.copyOf(cipherSuites);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a TLS listener needs a certificate");
    }
  }

  public static Tls of(Buffer certificate, Buffer key) {
    return new Tls(List.of(new Pair(certificate, key)), List.of(), PROTOCOLS, List.of(), true);
  }
}
