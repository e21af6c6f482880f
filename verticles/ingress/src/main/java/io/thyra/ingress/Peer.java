package io.thyra.ingress;

import io.vertx.core.http.HttpConnection;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/// What a connection shows of its client, looked up once for each connection.
record Peer(List<X509Certificate> certificates) {
  private static final Peer UNKNOWN = new Peer(List.of());

  static Peer of(HttpConnection connection) {
    if (!connection.isSsl()) {
      return UNKNOWN;
    }
    try {
      List<X509Certificate> chain = new ArrayList<>(3);
      for (Certificate certificate : connection.peerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          chain.add(x509);
        }
      }
      return chain.isEmpty() ? UNKNOWN : new Peer(List.copyOf(chain));
    } catch (SSLPeerUnverifiedException _) {
      return UNKNOWN;
    }
  }
}
