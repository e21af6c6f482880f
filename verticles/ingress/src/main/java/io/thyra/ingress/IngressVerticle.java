package io.thyra.ingress;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The front door. Several instances share one listening port, each with an event loop and a [FilterChain] of its own;
/// a connection stays with one instance. Deployed as an ordinary (event-loop) verticle.
///
/// What is shared between instances ([Services]) is safe for that; everything else here is owned by the event loop.
public final class IngressVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(IngressVerticle.class);

  private final Listener listener;
  private final Limits limits;
  private final Serving serving;
  private final Services services;
  private HttpServer server;
  private FilterChain chain;
  private volatile int port = -1;
  private Context owner;

  /// @param listener with port 0 each instance gets a port of its own, which only tests want
  public IngressVerticle(Listener listener, Limits limits, Serving serving, Services services) {
    this.listener = Objects.requireNonNull(listener);
    this.limits = Objects.requireNonNull(limits);
    this.serving = Objects.requireNonNull(serving);
    this.services = Objects.requireNonNull(services);
  }

  @Override
  public Future<?> start() {
    owner = context;
    // Only seeded from the secure source: it names requests, it keeps no secret.
    chain = new FilterChain(vertx, context, services, serving, limits, new SplittableRandom(new SecureRandom().nextLong()));
    server =
        vertx
            .createHttpServer(ServerSettings.of(listener, limits))
            .connectionHandler(chain::connected)
            .requestHandler(chain::handle)
            .invalidRequestHandler(chain::malformed)
            .exceptionHandler(this::lost);
    return server
        .listen()
        .onSuccess(
            listening -> {
              port = listening.actualPort();
              LOG.debug("listening, host={} port={}", listener.host(), port);
            });
  }

  private void lost(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        services.metrics().handshakeFailed();
        break;
      }
    }
    LOG.debug("connection refused: {}", failure.getMessage());
  }

  /// The port that was opened; -1 before that.
  public int port() {
    return port;
  }

  /// Changes the serving certificates for connections to come.
  public Future<Boolean> updateTls(Tls tls) {
    HttpServerOptions options = ServerSettings.secured(new HttpServerOptions(), tls);
    return server.updateSSLOptions(options.getSslOptions());
  }

  /// Sends new requests elsewhere, ends watches, lets the others finish for so long, then closes all connections.
  /// Completes when none is left. May be called from any thread.
  public Future<Void> drain(Duration grace) {
    Promise<Void> closed = Promise.promise();
    owner.runOnContext(
        _ -> {
          Promise<Void> drained = Promise.promise();
          long timer = vertx.setTimer(Math.max(1, grace.toMillis()), _ -> drained.tryComplete());
          chain.drain(drained::tryComplete);
          drained
              .future()
              .compose(
                  _ -> {
                    vertx.cancelTimer(timer);
                    // GOAWAY and a moment for last answers to leave.
                    return server.shutdown(1, TimeUnit.SECONDS);
                  })
              .onComplete(closed);
        });
    return closed.future();
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.close();
  }
}
