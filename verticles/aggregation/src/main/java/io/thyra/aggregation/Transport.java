package io.thyra.aggregation;

import io.thyra.backends.BackendTrust;
import io.thyra.backends.CaBundle;
import io.thyra.backends.Connections;
import io.thyra.backends.ServiceResolver.Address;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Connections to the server of one APIService: TLS with the certificate by which extension servers know this server, and
/// with the trust that the APIService asks for. Safe for all threads.
final class Transport implements Connections {
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

  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;
  // A watch holds a connection; a client beyond the bound waits in the queue, beyond that it is told 503.
  private static final int CONNECTIONS_MAX = 4096;
  private static final int WAITING_MAX = 1024;
  private static final int IDLE_SECONDS = 60;
  // What Go's servers allow; more of them go over another connection.
  private static final int STREAMS_MAX = 100;
  private static final int STREAM_WINDOW_BYTES = 256 * 1024;
  private static final int HEADERS_BYTES_MAX = 1 << 20;
  private static final long FAREWELL_HOURS = 1;

  private final Key key;
  private final HttpClientAgent http;
  private final NetClient tcp;
  private final ClientSSLOptions tls;
  private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();

  private Transport(Vertx vertx, Key key, BackendTrust trust) {
    this.key = key;
    Optional<PemKeyCertOptions> identity = key.identity();
    var options =
        new HttpClientOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setProtocolVersion(HttpVersion.HTTP_2)
            // A watch that is not read holds back its stream alone, not the connection.
            .setHttp2ConnectionWindowSize(Integer.MAX_VALUE)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES).setMaxHeaderListSize(HEADERS_BYTES_MAX))
            .setMaxHeaderSize(HEADERS_BYTES_MAX)
            .setHttp2KeepAliveTimeout(IDLE_SECONDS)
            .setHttp2MultiplexingLimit(STREAMS_MAX)
            .setVerifyHost(false)
            .setForceSni(true)
            .setTrustOptions(TrustOptions.wrap(trust))
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setDecompressionSupported(false);
    identity.ifPresent(options::setKeyCertOptions);
    var pool =
        new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setHttp2MaxSize(CONNECTIONS_MAX / STREAMS_MAX).setMaxWaitQueueSize(WAITING_MAX);
    http = vertx.httpClientBuilder().with(options).with(pool).build();
    tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("").setTrustOptions(TrustOptions.wrap(trust));
    identity.ifPresent(tls::setKeyCertOptions);
    tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS));
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
    return http.request(options).map(request -> named(request, address));
  }

  /// Over HTTP/2 the name of the server stands in a place of its own.
  private static HttpClientRequest named(HttpClientRequest request, Address address) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.headers().remove("Host");
      request.authority(HostAndPort.create(address.host(), address.port()));
    } else {
      request.putHeader("Host", address.text());
    }
    return request;
  }

  @Override
  public boolean isFresh(HttpConnection connection) {
    return !used.contains(connection);
  }

  @Override
  public void served(HttpConnection connection) {
    if (used.add(connection)) {
      connection.closeHandler(_ -> used.remove(connection));
    }
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

  /// Takes no new requests; what runs may end in its time.
  void retire() {
    http.shutdown(FAREWELL_HOURS, TimeUnit.HOURS);
    tcp.shutdown(FAREWELL_HOURS, TimeUnit.HOURS);
  }

  void close() {
    http.close();
    tcp.close();
  }
}
