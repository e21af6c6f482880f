package io.thyra.ingress;

import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;

/// The framework's options for a listener.
final class ServerSettings {
  // Of a client that opens and resets streams all the time; upstream's library bounds it likewise.
  private static final int RESETS_MAX = 400;
  private static final int RESETS_WINDOW_SECONDS = 10;

  private ServerSettings() {}

  static HttpServerOptions of(Listener listener, Limits limits) {
    var options =
        new HttpServerOptions()
            .setHost(listener.host())
            .setPort(listener.port())
            .setTcpNoDelay(true)
            .setReuseAddress(true)
            .setAcceptBacklog(4096)
            .setMaxInitialLineLength(limits.headerBytesMax())
            .setMaxHeaderSize(limits.headerBytesMax())
            .setMaxChunkSize(64 * 1024)
            .setHandle100ContinueAutomatically(false)
            .setCompressionSupported(false)
            .setDecompressionSupported(false)
            // Watches may be silent for an hour; the sweep of the filter chain closes what idles without a request.
            .setIdleTimeout(0)
            .setHttp2RstFloodMaxRstFramePerWindow(RESETS_MAX)
            .setHttp2RstFloodWindowDuration(RESETS_WINDOW_SECONDS)
            .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
            .setHttp2ConnectionWindowSize(connectionWindow(limits))
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(limits.streamsMax())
                    .setInitialWindowSize(limits.streamWindowBytes())
                    .setMaxHeaderListSize(limits.headerBytesMax()));
    Tls tls = listener.tls();
    if (tls == null) {
      return options.setHttp2ClearTextEnabled(true);
    }
    return secured(options, tls);
  }

  private static int connectionWindow(Limits limits) {
    return (int) Math.min(Integer.MAX_VALUE, (long) limits.streamsMax() * limits.streamWindowBytes());
  }

  static HttpServerOptions secured(HttpServerOptions options, Tls tls) {
    var pairs = new PemKeyCertOptions();
    for (Tls.Pair pair : tls.certificates()) {
      pairs.addCertValue(pair.certificate()).addKeyValue(pair.key());
    }
    if (OpenSSLEngineOptions.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions().setSessionCacheEnabled(true));
    }
    tls.cipherSuites().forEach(options::addEnabledCipherSuite);
    return options
        .setSsl(true)
        .setSni(tls.certificates().size() > 1)
        .setUseAlpn(true)
        .setAlpnVersions(tls.http2() ? List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1) : List.of(HttpVersion.HTTP_1_1))
        .setEnabledSecureTransportProtocols(new LinkedHashSet<>(tls.protocols()))
        .setKeyCertOptions(pairs)
        .setClientAuth(ClientAuth.REQUEST)
        .setTrustOptions(TrustOptions.wrap(new AnyClient(tls.clientAuthorities().toArray(X509Certificate[]::new))));
  }

  /// Lets every client certificate in: whether it proves anything is for the authenticator to say, and an unknown one
  /// must not break a connection that a token authenticates. That the client holds its key is proved by the handshake.
  private record AnyClient(X509Certificate[] authorities) implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      throw new UnsupportedOperationException("a server trusts no servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return authorities.clone();
    }
  }
}
