package io.thyra.nodes;

import io.thyra.backends.BackendTrust;
import io.thyra.backends.Connections;
import io.thyra.backends.ServiceResolver.Address;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
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
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Connections to any number of servers of one sort. Each server has a bounded pool. Safe for all threads.
final class PeerConnections implements Connections {
  /// What all the servers have in common.
  ///
  /// @param trust empty where TLS is not spoken
  /// @param identity the certificate and key that this server shows; empty for none
  /// @param unpacks whether packed answers are unpacked, as whoever reads them for itself needs it
  record Sort(Optional<BackendTrust> trust, Optional<PemKeyCertOptions> identity, boolean unpacks) {}

  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;
  private static final int CONNECTIONS_MAX = 1024;
  private static final int WAITING_MAX = 256;
  private static final int IDLE_SECONDS = 60;
  private static final int STREAMS_MAX = 100;
  private static final int STREAM_WINDOW_BYTES = 256 * 1024;
  private static final int HEADERS_BYTES_MAX = 1 << 20;
  private static final int PORT_MAX = 65_535;
  private static final long FAREWELL_HOURS = 1;

  private final boolean secure;
  private final HttpClientAgent http;
  private final NetClient tcp;
  private final ClientSSLOptions tls = new ClientSSLOptions().setHostnameVerificationAlgorithm("");
  private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();

  PeerConnections(Vertx vertx, Sort sort) {
    secure = sort.trust().isPresent();
    var options =
        new HttpClientOptions()
            .setMaxHeaderSize(HEADERS_BYTES_MAX)
            .setVerifyHost(false)
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setDecompressionSupported(sort.unpacks());
    sort.trust()
        .ifPresent(
            trust -> {
              tls.setTrustOptions(TrustOptions.wrap(trust));
              sort.identity().ifPresent(tls::setKeyCertOptions);
              options.setSsl(true).setTrustOptions(TrustOptions.wrap(trust)).setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
              options
                  .setHttp2ConnectionWindowSize(Integer.MAX_VALUE)
                  .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES).setMaxHeaderListSize(HEADERS_BYTES_MAX))
                  .setHttp2KeepAliveTimeout(IDLE_SECONDS)
                  .setHttp2MultiplexingLimit(STREAMS_MAX);
              sort.identity().ifPresent(options::setKeyCertOptions);
            });
    var pool =
        new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setHttp2MaxSize(CONNECTIONS_MAX / STREAMS_MAX).setMaxWaitQueueSize(WAITING_MAX);
    http = vertx.httpClientBuilder().with(options).with(pool).build();
    tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS));
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
    if (request.version() == HttpVersion.HTTP_2) {
      request.headers().remove("Host");
      HostAndPort authority = HostAndPort.parseAuthority(host, -1);
      if (authority != null) {
        request.authority(authority);
      }
    } else {
      request.putHeader("Host", host);
    }
    return request;
  }

  @Override
  public Future<NetSocket> connect(Address address) {
    if (address.port() > PORT_MAX) {
      return Future.failedFuture(noPort(address));
    }
    var options = new ConnectOptions().setHost(address.host()).setPort(address.port()).setSsl(secure);
    return tcp.connect(secure ? options.setSslOptions(tls) : options);
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
