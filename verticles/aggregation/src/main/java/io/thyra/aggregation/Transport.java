package io.thyra.aggregation;

import io.thyra.backends.BackendTrust;
import io.thyra.backends.CaBundle;
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
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.util.Optional;

/// Connections to the server of one APIService: TLS with the certificate by which extension servers know this server, and
/// with the trust that the APIService asks for. Safe for all threads.
final class Transport extends PooledConnections {
  /// What makes two transports differ.
  ///
  /// @param identity the certificate and key by which extension servers know this server; empty for none
  record Key(String serverName, String caBundle, boolean insecure, Optional<PemKeyCertOptions> identity) {
    static Key of(ApiService service, Optional<PemKeyCertOptions> identity) {
      return new Key(service.service().orElseThrow().serverName(), service.caBundle(), service.insecure(), identity);
    }
  }

  /// The transport cannot be made, in the words that clients are told.
  static final class Unbuildable extends Exception {
    private static final long serialVersionUID = 1;

    Unbuildable(String message) {
      super(message, null, false, false);
    }
  }

  // A watch holds a connection; a client beyond the bound waits in the queue, beyond that it is told 503.
  private static final int CONNECTIONS_MAX = 4096;
  private static final int WAITING_MAX = 1024;

  private final Key key;
  private final ClientSSLOptions tls;

  private Transport(Vertx vertx, Key key, BackendTrust trust) {
    super(
        vertx,
        options(Optional.of(trust), key.identity()).setForceSni(true).setDecompressionSupported(false),
        CONNECTIONS_MAX,
        WAITING_MAX);
    this.key = key;
    tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("").setTrustOptions(TrustOptions.wrap(trust));
    key.identity().ifPresent(tls::setKeyCertOptions);
  }

  static Transport of(Vertx vertx, Key key) throws Unbuildable {
    try {
      BackendTrust trust;
      if (key.insecure()) {
        trust = BackendTrust.insecure();
      } else {
        trust = BackendTrust.of(key.serverName(), key.caBundle().isEmpty() ? null : CaBundle.certificates(key.caBundle()));
      }
      return new Transport(vertx, key, trust);
    } catch (CaBundle.Unusable e) {
      throw new Unbuildable(e.getMessage());
    } catch (GeneralSecurityException e) {
      throw new Unbuildable("unable to load root certificates: " + e.getMessage());
    }
  }

  Key key() {
    return key;
  }

  @Override
  public Future<HttpClientRequest> request(Address address, HttpMethod method, String target, MultiMap headers) {
    var options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
            .setHost(key.serverName())
            .setPort(address.port())
            .setSsl(true)
            .setMethod(method)
            .setURI(target)
            .setHeaders(headers);
    return http.request(options).map(request -> named(request, address.text(), HostAndPort.create(address.host(), address.port())));
  }

  @Override
  public Future<NetSocket> connect(Address address) {
    return tcp.connect(
        new ConnectOptions()
            .setRemoteAddress(SocketAddress.inetSocketAddress(address.port(), address.host()))
            .setSsl(true)
            .setSslOptions(tls)
            .setSniServerName(key.serverName()));
  }
}
