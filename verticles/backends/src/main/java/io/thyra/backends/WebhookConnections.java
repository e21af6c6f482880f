package io.thyra.backends;

import io.thyra.admission.webhook.WebhookClient;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.ObjectValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Keeps connections to webhooks, one pool for each name and trust, and forgets the pools that were used least recently.
/// Safe for all threads. Source: apiserver pkg/util/webhook/client.go.
public final class WebhookConnections implements WebhookClient, AutoCloseable {
  private static final int POOLS_MAX = 200;
  private static final int CONNECTIONS_MAX = 256;
  private static final int WAITING_MAX = 4096;
  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;
  private static final int IDLE_SECONDS = 60;
  private static final long FAREWELL_MINUTES = 1;
  private static final int DEFAULT_PORT = 443;

  private record Key(String serverName, String caBundle, boolean http2, Optional<PemKeyCertOptions> identity) {}

  private final Vertx vertx;
  private final ServiceResolver resolver;
  private final WebhookCredentials credentials;
  // Guarded by itself; the least recently used first.
  private final Map<Key, HttpClientAgent> pools = new LinkedHashMap<>(16, 0.75f, true);

  public WebhookConnections(Vertx vertx, ServiceResolver resolver, WebhookCredentials credentials) {
    this.vertx = vertx;
    this.resolver = resolver;
    this.credentials = credentials;
  }

  @Override
  public Future<ObjectValue> post(Endpoint endpoint, Buffer body, Duration timeout) {
    try {
      WebhookTarget target = target(endpoint);
      WebhookCredentials.Shown shown = credentials.of(new Address(target.serverName(), target.port()).text());
      Key key = new Key(target.serverName(), endpoint.caBundle(), target.loopback(), shown.identity());
      return new WebhookExchange(vertx, pool(key), target, shown.authorization(), timeout).post(body);
    } catch (Unusable | CaBundle.Unusable e) {
      return Future.failedFuture(e instanceof Unusable ? e : new Unusable(e.getMessage()));
    } catch (GeneralSecurityException e) {
      return Future.failedFuture(new Unusable("unable to load root certificates: " + e.getMessage()));
    }
  }

  private WebhookTarget target(Endpoint endpoint) throws Unusable {
    if (endpoint.service().isPresent()) {
      Service service = endpoint.service().get();
      var reference = new ServiceReference(service.namespace(), service.name(), service.port());
      return new WebhookTarget(
          reference.serverName(), service.port(), reference.serverName() + ":" + service.port(), service.path(), () -> resolver.resolve(reference));
    }
    if (endpoint.url().isEmpty()) {
      throw new Unusable("webhook configuration must have either service or URL");
    }
    try {
      URI url = new URI(endpoint.url());
      String host = url.getHost().replace("[", "").replace("]", "");
      int port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
      return new WebhookTarget(host, port, url.getRawAuthority(), url.getRawPath(), () -> new Address(host, port));
    } catch (URISyntaxException | NullPointerException e) {
      throw new Unusable("Unparsable URL: " + e.getMessage());
    }
  }

  private HttpClientAgent pool(Key key) throws GeneralSecurityException, CaBundle.Unusable {
    synchronized (pools) {
      HttpClientAgent known = pools.get(key);
      if (known != null) {
        return known;
      }
    }
    HttpClientAgent made = make(key);
    synchronized (pools) {
      HttpClientAgent other = pools.putIfAbsent(key, made);
      if (other != null) {
        made.close();
        return other;
      }
      if (pools.size() > POOLS_MAX) {
        var eldest = pools.entrySet().iterator();
        eldest.next().getValue().shutdown(FAREWELL_MINUTES, TimeUnit.MINUTES);
        eldest.remove();
      }
    }
    return made;
  }

  private HttpClientAgent make(Key key) throws GeneralSecurityException, CaBundle.Unusable {
    BackendTrust trust = BackendTrust.of(key.serverName(), key.caBundle().isEmpty() ? null : CaBundle.certificates(key.caBundle()));
    var options =
        new HttpClientOptions()
            .setSsl(true)
            .setVerifyHost(false)
            .setForceSni(true)
            .setTrustOptions(TrustOptions.wrap(trust))
            .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
            .setKeepAliveTimeout(IDLE_SECONDS)
            .setHttp2KeepAliveTimeout(IDLE_SECONDS)
            .setUseAlpn(key.http2())
            // Many requests over one connection would all go to one of the servers behind a name.
            .setProtocolVersion(key.http2() ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1);
    key.identity().ifPresent(options::setKeyCertOptions);
    var pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX);
    return vertx.httpClientBuilder().with(options).with(pool).build();
  }

  @Override
  public void close() {
    synchronized (pools) {
      pools.values().forEach(HttpClientAgent::close);
      pools.clear();
    }
  }
}
