package io.thyra.ingress;

import io.netty.handler.codec.TooLongFrameException;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.Status;
import io.thyra.model.UserInfo;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that a request passes, in upstream's order:
///
///     Reception -> Identification -> Authentication -> Admittance -> Authorization -> Dispatch
///
/// One for each instance of the verticle; owned by its event loop. An authenticator or authorizer that may wait is
/// asked on a worker thread while the request pauses; all others are asked right here.
/// Source: apiserver pkg/server/config.go DefaultBuildHandlerChain.
final class FilterChain {
  private static final Logger LOG = LoggerFactory.getLogger(FilterChain.class);
  private static final long SWEEP_MILLIS = 100;
  private static final long SWEEPS_A_SECOND = 10;
  private static final long GOODBYE_SECONDS = 60;

  private final Vertx vertx;
  private final Services services;
  private final Limits limits;
  private final Answers answers;
  private final Reception reception;
  private final Identification identification;
  private final Authentication authentication;
  private final Admittance admittance;
  private final Authorization authorization;
  private final Dispatch dispatch;
  private final Audits audits;

  private final Map<HttpConnection, Link> links = new IdentityHashMap<>();
  private final Set<Exchange> open = new HashSet<>();
  private long sweeps;
  private Runnable whenDrained = () -> {};

  FilterChain(Vertx vertx, Context context, Services services, Serving serving, Limits limits, RandomGenerator random) {
    this.vertx = vertx;
    this.services = services;
    this.limits = limits;
    this.answers = new Answers(vertx, services.statusEncoder(), services.clock(), serving.hstsDirectives(), this::finished);
    this.reception = new Reception(services.clock(), random, answers);
    this.identification = new Identification(limits.requestTimeout(), serving, random, answers);
    this.authentication = new Authentication(services.authenticator(), services.authorizer(), services.impersonation(), services.metrics());
    this.admittance = new Admittance(services.flowControl(), services.maxInFlight(), services.metrics(), answers);
    this.authorization = new Authorization(services.authorizer(), services.metrics());
    this.audits = new Audits(services.auditSink(), services.clock(), answers, context);
    this.dispatch = new Dispatch(services.routes(), services.wire(), answers, limits, services.metrics(), context);
    vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep());
  }

  void connected(HttpConnection connection) {
    UnwrittenStreams.watch(connection);
    links.put(connection, new Link(connection, System.nanoTime()));
    connection.closeHandler(_ -> links.remove(connection));
    connection.exceptionHandler(lost -> LOG.debug("connection lost: {}", lost.getMessage()));
  }

  void handle(HttpServerRequest request) {
    Link link = links.computeIfAbsent(request.connection(), c -> new Link(c, System.nanoTime()));
    Stages.Received received = reception.receive(request, link);
    if (received == null) {
      return;
    }
    Exchange exchange = received.exchange();
    link.began();
    exchange.link = link;
    open.add(exchange);
    exchange.response.closeHandler(_ -> gone(exchange));
    exchange.response.exceptionHandler(_ -> gone(exchange));
    try {
      Stages.Identified identified = identification.identify(received);
      if (identified != null) {
        if (exchange.longRunning) {
          exchange.labels = MetricLabels.of(exchange);
          services.metrics().longRunning(exchange.labels, 1);
        }
        authenticate(identified);
      }
    } catch (RuntimeException | StackOverflowError bug) {
      panicked(exchange, bug);
    }
  }

  /// A request that could not be parsed.
  void malformed(HttpServerRequest request) {
    Instant now = services.clock().instant();
    boolean tooLong = request.decoderResult().cause() instanceof TooLongFrameException;
    var exchange = new Exchange(request, new RequestTarget("", "/", ""), "", now);
    answers.malformed(exchange, tooLong ? "431 Request Header Fields Too Large" : "400 Bad Request");
  }

  private void authenticate(Stages.Identified identified) {
    Exchange exchange = identified.exchange();
    call(
        authentication.mayBlock(identified),
        exchange,
        () -> authentication.authenticate(identified),
        acting -> audits.received(exchange, acting.requestor(), acting, this::authorize),
        failure -> {
          if (failure instanceof Failure.Unauthorized) {
            exchange.closing |= exchange.http2;
            answers.fail(exchange, failure);
            audits.unauthenticated(exchange);
          } else {
            audits.received(exchange, exchange.requestor, failure, refused -> answers.refuse(exchange, refused));
          }
        });
  }

  private void authorize(Stages.Acting acting) {
    Exchange exchange = acting.identified().exchange();
    if (exchange.done) {
      return;
    }
    // HTTP/2 connections are expensive; nobody keeps one without a name.
    exchange.closing |= exchange.http2 && acting.requestor().name().equals(UserInfo.ANONYMOUS);
    Stages.Admitted admitted = admittance.admit(acting);
    if (admitted != null) {
      call(
          authorization.mayBlock(),
          exchange,
          () -> authorization.authorize(admitted),
          dispatch::dispatch,
          failure -> answers.refuse(exchange, failure));
    }
  }

  private <T> void call(boolean blocks, Exchange exchange, Callable<T> work, Consumer<T> next, Consumer<Failure> refused) {
    if (!blocks) {
      T result;
      try {
        result = work.call();
      } catch (ApiException e) {
        refused.accept(e.failure());
        return;
      } catch (Exception bug) {
        panicked(exchange, bug);
        return;
      }
      next.accept(result);
      return;
    }
    exchange.request.pause();
    vertx
        .executeBlocking(work, false)
        .onComplete(
            result -> {
              exchange.request.resume();
              guarded(exchange, () -> next.accept(result));
            },
            failure -> {
              exchange.request.resume();
              if (failure instanceof ApiException e) {
                guarded(exchange, () -> refused.accept(e.failure()));
              } else {
                panicked(exchange, failure);
              }
            });
  }

  private void guarded(Exchange exchange, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException bug) {
      panicked(exchange, bug);
    }
  }

  private void panicked(Exchange exchange, Throwable bug) {
    LOG.error("a request failed, auditId={} method={} path={}", exchange.auditId, exchange.method, exchange.target.path(), bug);
    audits.panicked(exchange);
    answers.text(exchange, 500, "This request caused apiserver to panic. Look in the logs for details.");
  }

  private void gone(Exchange exchange) {
    Runnable then = exchange.whenGone;
    if (then != null) {
      exchange.whenGone = null;
      then.run();
    }
    finished(exchange);
  }

  /// The answer is given or the client is gone; whichever comes first counts.
  private void finished(Exchange exchange) {
    if (exchange.done) {
      return;
    }
    exchange.done = true;
    services.maxInFlight().leave(exchange.slot);
    if (exchange.traffic != null) {
      exchange.traffic.end();
    }
    if (open.remove(exchange)) {
      if (exchange.link != null) {
        exchange.link.ended(System.nanoTime());
      }
      count(exchange);
      audits.completed(exchange);
    }
    if (exchange.closing) {
      if (exchange.http2) {
        exchange.request.connection().shutdown(GOODBYE_SECONDS, TimeUnit.SECONDS);
      } else {
        exchange.request.connection().close();
      }
    }
    if (open.isEmpty()) {
      whenDrained.run();
    }
  }

  private void count(Exchange exchange) {
    if (exchange.labels != null) {
      services.metrics().longRunning(exchange.labels, -1);
    }
    if (exchange.counted && exchange.info != null) {
      RequestMetrics.Labels labels = exchange.labels == null ? MetricLabels.of(exchange) : exchange.labels;
      Duration took = Duration.ofNanos(System.nanoTime() - exchange.receivedNanos);
      services.metrics().answered(labels, exchange.response.getStatusCode(), took, exchange.responseBytes);
    }
  }

  /// Ends what took too long, drops who does not read, closes what idles.
  private void sweep() {
    sweeps++;
    if (!open.isEmpty()) {
      expire(services.clock().instant());
    }
    if (sweeps % SWEEPS_A_SECOND == 0) {
      long now = System.nanoTime();
      dispatch.dropStuckWatches(now);
      for (Link link : new ArrayList<>(links.values())) {
        if (link.idles(now, limits.idleTimeout().toNanos())) {
          link.connection.shutdown(1, TimeUnit.SECONDS);
        }
      }
      services.metrics().inFlight(services.maxInFlight().reads(), services.maxInFlight().writes());
    }
  }

  private void expire(Instant now) {
    List<Exchange> late = List.of();
    for (Exchange exchange : open) {
      if (!exchange.answered && now.isAfter(exchange.deadline)) {
        if (late.isEmpty()) {
          late = new ArrayList<>();
        }
        late.add(exchange);
      }
    }
    for (Exchange exchange : late) {
      services.metrics().terminated(MetricLabels.of(exchange), 504);
      Failure timeout = new Failure.Timeout("request did not complete within the allotted timeout", 0);
      exchange.status = Status.of(timeout);
      answers.fail(exchange, timeout);
    }
  }

  /// Turns new requests away and ends watches; calls back when nothing is open any more.
  void drain(Runnable drained) {
    identification.drain();
    dispatch.endWatches();
    whenDrained = drained;
    if (open.isEmpty()) {
      drained.run();
    }
  }
}
