package io.thyra.ingress;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.Query;
import io.thyra.model.RequestInfo;
import io.thyra.model.Status;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Routes;
import io.thyra.wire.WatchStream;
import io.thyra.wire.WebSocketHeaders;
import io.thyra.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends a request that may be served to whoever serves it, and its answer or its frames to the client. Owned by one
/// event loop.
final class Dispatch {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
  private static final Failure NO_RESOURCE = told(404, "NotFound", "the server could not find the requested resource");
  private static final Failure NO_METHOD =
      told(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
  private static final String NO_PAGE = "404 page not found";

  private final Routes routes;
  private final Wire wire;
  private final Answers answers;
  private final BodyReader bodies;
  private final Limits limits;
  private final RequestMetrics metrics;
  private final Context context;
  private final Set<WatchPump> pumps = new HashSet<>();

  Dispatch(Routes routes, Wire wire, Answers answers, Limits limits, RequestMetrics metrics, Context context) {
    this.routes = routes;
    this.wire = wire;
    this.answers = answers;
    this.limits = limits;
    this.metrics = metrics;
    this.bodies = new BodyReader(limits.bodyBytesMax());
    this.context = context;
  }

  void dispatch(Stages.Authorized authorized) {
    RequestInfo info = authorized.resolved().info();
    if (info.resourceRequest()) {
      resource(authorized, info);
    } else {
      nonResource(authorized, info);
    }
  }

  /// Ends all watches as if their time were up.
  void endWatches() {
    List.copyOf(pumps).forEach(WatchPump::end);
  }

  void dropStuckWatches(long nowNanos) {
    if (!pumps.isEmpty()) {
      List.copyOf(pumps).forEach(pump -> pump.abortIfStuck(nowNanos, limits.stuckTimeout().toNanos()));
    }
  }

  private void resource(Stages.Authorized authorized, RequestInfo info) {
    Exchange exchange = authorized.exchange();
    Optional<Routes.Proxy> proxy = routes.findProxy(info.group(), info.version());
    if (proxy.isPresent()) {
      handOver(authorized, proxy.get());
      return;
    }
    Optional<Endpoint<ApiRequest, ApiResponse>> endpoint = routes.findEndpoint(info.group(), info.version());
    if (endpoint.isEmpty()) {
      if (info.group().isEmpty() || routes.knowsGroup(info.group())) {
        answers.fail(exchange, NO_RESOURCE);
      } else {
        noPage(exchange);
      }
      return;
    }
    Optional<Routes.Streamed> streamed = authorized.resolved().verbInPath() ? Optional.empty() : routes.findStreamed(info);
    if (streamed.isPresent()) {
      stream(authorized, streamed.get());
      return;
    }
    boolean watch = info.verb().equals("watch");
    if (info.verb().equals("proxy")
        || authorized.resolved().extraSegments()
        || authorized.resolved().verbInPath() && !info.subresource().isEmpty()) {
      answers.fail(exchange, NO_RESOURCE);
    } else if (watch && exchange.method.equals("GET")) {
      watch(authorized);
    } else if (watch && authorized.resolved().verbInPath()) {
      answers.fail(exchange, NO_METHOD);
    } else {
      ask(endpoint.get(), authorized);
    }
  }

  private void nonResource(Stages.Authorized authorized, RequestInfo info) {
    Optional<Routes.Proxy> proxy = proxyOfPath(info.path());
    if (proxy.isPresent()) {
      handOver(authorized, proxy.get());
    } else {
      ask(Endpoint.discovery(), authorized);
    }
  }

  /// The discovery document of a group version is its extension server's to give.
  private Optional<Routes.Proxy> proxyOfPath(String path) {
    if (path.startsWith("/openapi/v3/")) {
      return routes.findDocumentProxy(path.substring("/openapi/v3/".length()));
    }
    if (!path.startsWith("/apis/")) {
      return Optional.empty();
    }
    int slash = path.indexOf('/', 6);
    if (slash < 0) {
      return Optional.empty();
    }
    int end = path.indexOf('/', slash + 1);
    String version = path.substring(slash + 1, end < 0 ? path.length() : end);
    return version.isEmpty() ? Optional.empty() : routes.findProxy(path.substring(6, slash), version);
  }

  private void handOver(Stages.Authorized authorized, Routes.Proxy proxy) {
    Exchange exchange = authorized.exchange();
    exchange.answered = true;
    exchange.response.endHandler(_ -> answers.finished(exchange));
    exchange.request.pause();
    // What every answer carries; the extension server's own headers come beside it.
    answers.head(exchange, 200, "");
    var terms = new Routes.Proxy.Terms(limitMillis(exchange), () -> expired(exchange), () -> answers.finished(exchange));
    proxy.handle(exchange.request, authorized.user(), exchange.auditId, terms);
  }

  private void stream(Stages.Authorized authorized, Routes.Streamed streamed) {
    Exchange exchange = authorized.exchange();
    if (authorized.resolved().extraSegments() && !streamed.takesPaths()) {
      answers.fail(exchange, NO_RESOURCE);
      return;
    }
    if (!streamed.allows(exchange.method)) {
      answers.fail(exchange, NO_METHOD);
      return;
    }
    exchange.answered = true;
    exchange.response.endHandler(_ -> answers.finished(exchange));
    exchange.request.pause();
    answers.head(exchange, 200, "");
    streamed.handle(
        exchange.request,
        authorized.resolved().info(),
        authorized.user(),
        new Routes.Streamed.Outcome() {
          @Override
          public void fail(Failure failure) {
            if (exchange.response.headWritten() || exchange.response.closed()) {
              return;
            }
            exchange.answered = false;
            exchange.response.headers().clear();
            exchange.request.handler(null);
            exchange.request.resume();
            answers.fail(exchange, failure);
          }

          @Override
          public void done() {
            answers.finished(exchange);
          }
        });
  }

  private static long limitMillis(Exchange exchange) {
    if (exchange.longRunning) {
      return 0;
    }
    long spent = (System.nanoTime() - exchange.receivedNanos) / 1_000_000;
    return Math.max(1, Duration.between(exchange.received, exchange.deadline).toMillis() - spent);
  }

  private void expired(Exchange exchange) {
    metrics.terminated(MetricLabels.of(exchange), 504);
    exchange.answered = false;
    exchange.response.headers().clear();
    answers.fail(exchange, new Failure.Timeout("request did not complete within the allotted timeout", 0));
  }

  private void ask(Endpoint<ApiRequest, ApiResponse> endpoint, Stages.Authorized authorized) {
    Exchange exchange = authorized.exchange();
    if (exchange.method.equals("GET") || exchange.method.equals("HEAD")) {
      ask(endpoint, authorized, Buffer.buffer());
      return;
    }
    bodies.read(
        exchange,
        (body, tooLarge) -> {
          if (tooLarge) {
            exchange.closing = !exchange.request.isEnded();
            answers.fail(
                exchange, new Failure.RequestEntityTooLarge("Request entity too large: limit is " + limits.bodyBytesMax()));
          } else {
            ask(endpoint, authorized, body);
          }
        });
  }

  private void ask(Endpoint<ApiRequest, ApiResponse> endpoint, Stages.Authorized authorized, Buffer body) {
    Exchange exchange = authorized.exchange();
    AuditTrail trail = exchange.trail;
    if (trail != null) {
      trail.asked(exchange, body);
    }
    wire.ask(endpoint, request(authorized, body))
        .onComplete(answer -> answered(exchange, answer), failure -> failed(exchange, failure));
  }

  private void answered(Exchange exchange, ApiResponse answer) {
    AuditTrail trail = exchange.trail;
    if (trail != null) {
      trail.answered(exchange, answer);
    }
    answers.answer(exchange, answer);
  }

  private void failed(Exchange exchange, Throwable failure) {
    if (failure instanceof ApiException expected) {
      answers.fail(exchange, expected.failure(), expected.warnings());
    } else {
      LOG.error("a request failed, auditId={} path={}", exchange.auditId, exchange.target.path(), failure);
      answers.fail(exchange, new Failure.Internal(String.valueOf(failure.getMessage())));
    }
  }

  private static ApiRequest request(Stages.Authorized authorized, Buffer body) {
    Exchange exchange = authorized.exchange();
    MultiMap headers = exchange.request.headers();
    return new ApiRequest(
        authorized.resolved().info(),
        exchange.method,
        exchange.target.rawQuery(),
        text(headers, "accept"),
        text(headers, "content-type"),
        text(headers, "user-agent"),
        authorized.user(),
        body,
        exchange.auditId,
        exchange.received,
        exchange.deadline,
        authorized.resolved().info().resourceRequest() ? ApiRequest.Conditions.NONE : conditions(headers));
  }

  private static ApiRequest.Conditions conditions(MultiMap headers) {
    return new ApiRequest.Conditions(
        text(headers, "if-match"),
        text(headers, "if-none-match"),
        text(headers, "if-modified-since"),
        text(headers, "range"),
        text(headers, "accept-encoding"));
  }

  private static String text(MultiMap headers, String name) {
    String value = headers.get(name);
    return value == null ? "" : Query.ofBytes(value);
  }

  private void watch(Stages.Authorized authorized) {
    Exchange exchange = authorized.exchange();
    wire.ask(Endpoint.watch(), request(authorized, Buffer.buffer()))
        .onComplete(stream -> opened(exchange, stream), failure -> failed(exchange, failure));
  }

  private void opened(Exchange exchange, WatchStream stream) {
    if (exchange.done || !answers.begin(exchange)) {
      stream.close();
    } else if (!exchange.http2 && WebSocketHeaders.areAsking(exchange.request.headers())) {
      webSocket(exchange, stream);
    } else {
      answers.stream(exchange, stream.contentType(), stream.warnings());
      pump(exchange, stream, new HttpWatchSink(exchange.response, limits.watchBufferBytesMax()));
    }
  }

  private void webSocket(Exchange exchange, WatchStream stream) {
    HttpServerResponse response = exchange.response;
    switch (WebSocketHandshake.of(exchange.request.headers())) {
      case WebSocketHandshake.Refused(int code, String body, boolean tellVersion) -> {
        stream.close();
        exchange.closing = true;
        response.setStatusCode(code).putHeader("Connection", "close");
        if (tellVersion) {
          response.putHeader("Sec-WebSocket-Version", "13");
        }
        response.end(body).onComplete(_ -> answers.finished(exchange));
      }
      case WebSocketHandshake.Accepted(String accept, String protocol) -> {
        response.putHeader("Upgrade", "websocket").putHeader("Connection", "Upgrade").putHeader("Sec-WebSocket-Accept", accept);
        if (!protocol.isEmpty()) {
          response.putHeader("Sec-WebSocket-Protocol", protocol);
        }
        exchange
            .request
            .toNetSocket()
            .onComplete(
                socket -> {
                  var sink = new WebSocketWatchSink(socket, stream.text(), limits.watchBufferBytesMax());
                  WatchPump pump = pump(exchange, stream, sink);
                  socket.closeHandler(_ -> pump.close());
                  socket.exceptionHandler(_ -> pump.close());
                },
                lost -> {
                  LOG.debug("a WebSocket was lost while it opened, auditId={}", exchange.auditId, lost);
                  stream.close();
                  answers.finished(exchange);
                });
      }
    }
  }

  private WatchPump pump(Exchange exchange, WatchStream stream, WatchSink sink) {
    WatchPump[] self = new WatchPump[1];
    var pump =
        new WatchPump(
            stream,
            sink,
            metrics.watchEvents(Objects.requireNonNull(exchange.info).groupVersionResource()),
            context,
            () -> {
              pumps.remove(self[0]);
              answers.finished(exchange);
            });
    self[0] = pump;
    pumps.add(pump);
    exchange.whenGone = pump::close;
    pump.go();
    return pump;
  }

  private void noPage(Exchange exchange) {
    exchange.counted = false;
    answers.text(exchange, 404, NO_PAGE);
  }

  private static Failure told(int code, String reason, String message) {
    return new Failure.Told(Status.failure(code, reason, message, new Status.Details("", "", "", "", List.of(), 0)));
  }
}
