package io.thyra.backends;

import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Connections that are kept for further requests, a bounded pool for each server. Safe for all threads.
public abstract class PooledConnections implements Connections {
  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;
  private static final int IDLE_SECONDS = 60;
  // What Go's servers allow; more of them go over another connection.
  private static final int STREAMS_MAX = 100;
  private static final int STREAM_WINDOW_BYTES = 256 * 1024;
  private static final int HEADERS_BYTES_MAX = 1 << 20;
  private static final long FAREWELL_HOURS = 1;

  protected final HttpClientAgent http;
  protected final NetClient tcp;
  private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();

  /// @param options those of [#options], adapted
  /// @param connectionsMax over HTTP/1.1; over HTTP/2 as many streams
  /// @param waitingMax requests that wait for a connection
  protected PooledConnections(Vertx vertx, HttpClientOptions options, int connectionsMax, int waitingMax) {
    var pool =
        new PoolOptions().setHttp1MaxSize(connectionsMax).setHttp2MaxSize(connectionsMax / STREAMS_MAX).setMaxWaitQueueSize(waitingMax);
    http = vertx.httpClientBuilder().with(options).with(pool).build();
    tcp = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MILLIS));
  }

  /// What all such connections have in common.
  ///
  /// @param trust empty where TLS is not spoken
  /// @param identity the certificate and key that this server shows over TLS; empty for none
  protected static HttpClientOptions options(Optional<BackendTrust> trust, Optional<PemKeyCertOptions> identity) {
    var options =
        new HttpClientOptions()
            .setMaxHeaderSize(HEADERS_BYTES_MAX)
            .setVerifyHost(false)
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setKeepAliveTimeout(IDLE_SECONDS);
    if (trust.isPresent()) {
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setTrustOptions(TrustOptions.wrap(trust.get()))
          .setProtocolVersion(HttpVersion.HTTP_2)
          // A watch that is not read holds back its stream alone, not the connection.
          .setHttp2ConnectionWindowSize(Integer.MAX_VALUE)
          .setInitialSettings(new Http2Settings().setInitialWindowSize(STREAM_WINDOW_BYTES).setMaxHeaderListSize(HEADERS_BYTES_MAX))
          .setHttp2KeepAliveTimeout(IDLE_SECONDS)
          .setHttp2MultiplexingLimit(STREAMS_MAX);
      identity.ifPresent(options::setKeyCertOptions);
    }
    return options;
  }

  /// Calls the server by a name; over HTTP/2 it stands in a place of its own.
  ///
  /// @param authority null where the name is none that HTTP/2 can say
  protected static HttpClientRequest named(HttpClientRequest request, String host, @Nullable HostAndPort authority) {
    if (request.version() == HttpVersion.HTTP_2) {
      request.headers().remove("Host");
      if (authority != null) {
        request.authority(authority);
      }
    } else {
      request.putHeader("Host", host);
    }
    return request;
  }

  @Override
  public final boolean isFresh(HttpConnection connection) {
    return !used.contains(connection);
  }

  @Override
  public final void served(HttpConnection connection) {
    if (used.add(connection)) {
      connection.closeHandler(_ -> used.remove(connection));
    }
  }

  /// Takes no new requests; what runs may end in its time.
  public final void retire() {
    http.shutdown(FAREWELL_HOURS, TimeUnit.HOURS);
    tcp.shutdown(FAREWELL_HOURS, TimeUnit.HOURS);
  }

  public final void close() {
    http.close();
    tcp.close();
  }
}
