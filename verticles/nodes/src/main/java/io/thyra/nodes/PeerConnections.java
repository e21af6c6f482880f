package io.thyra.nodes;

import io.thyra.backends.BackendTrust;
import io.thyra.backends.Connections;
import io.thyra.backends.PooledConnections;
import io.thyra.backends.ServiceResolver.Address;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;

/// Connections to any number of servers of one sort. Each server has a bounded pool. Safe for all threads.
final class PeerConnections extends PooledConnections {
  /// What all the servers have in common.
  ///
  /// @param trust empty where TLS is not spoken
  /// @param identity the certificate and key that this server shows; empty for none
  /// @param unpacks whether packed answers are unpacked, as whoever reads them for itself needs it
  record Sort(Optional<BackendTrust> trust, Optional<PemKeyCertOptions> identity, boolean unpacks) {}

  private static final int CONNECTIONS_MAX = 1024;
  private static final int WAITING_MAX = 256;
  private static final int PORT_MAX = 65_535;

  private final boolean secure;
  private final ClientSSLOptions tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("");

  PeerConnections(Vertx vertx, Sort sort) {
    super(vertx, options(sort.trust(), sort.identity()).setDecompressionSupported(sort.unpacks()), CONNECTIONS_MAX, WAITING_MAX);
    secure = sort.trust().isPresent();
    sort.trust()
        .ifPresent(
            trust -> {
              tls.setTrustOptions(TrustOptions.wrap(trust));
              sort.identity().ifPresent(tls::setKeyCertOptions);
            });
  }

  /// @param headers with a Host that the server is to be called by, or none for the address
  @Override
  public Future<HttpClientRequest> request(Address address, HttpMethod method, String target, MultiMap headers) {
    if (address.port() > PORT_MAX) {
      return Future.failedFuture(noPort(address));
    }
    var options =
        new RequestOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setSsl(secure)
            .setMethod(method)
            .setURI(target)
            .setHeaders(headers);
    return http.request(options).map(request -> named(request, headers.contains("Host") ? headers.get("Host") : address.text()));
  }

  private static IllegalArgumentException noPort(Address address) {
    return new IllegalArgumentException("dial tcp: address " + address.port() + ": invalid port");
  }

  private static HttpClientRequest named(HttpClientRequest request, String host) {
    return named(request, host, HostAndPort.parseAuthority(host, -1));
  }

  @Override
  public Future<NetSocket> connect(Address address) {
    if (address.port() > PORT_MAX) {
      return Future.failedFuture(noPort(address));
    }
    var options = new ConnectOptions().setHost(address.host()).setPort(address.port()).setSsl(secure);
    return tcp.connect(secure ? options.setSslOptions(tls) : options);
  }
}
