package io.thyra.ingress;

import io.thyra.audit.AuditSink;
import io.thyra.flowcontrol.FlowControl;
import io.thyra.model.Authenticator;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.UserInfo;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.thyra.wire.Endpoint;
import io.thyra.wire.Routes;
import io.thyra.wire.WatchStream;
import io.thyra.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An ingress with fakes behind it: the core group and `apps/v1` are served by whatever a test says, users are named by
/// a bearer token, and `nobody` may do nothing.
final class TestIngress implements AutoCloseable {
  Function<ApiRequest, ApiResponse> resources = request -> ApiResponse.of(200, "application/json", Buffer.buffer(request.info().toString()));
  Function<ApiRequest, WatchStream> watches = _ -> {
    throw new Failure.Internal("no watch").toException();
  };
  Function<ApiRequest, ApiResponse> discovery =
      request ->
          request.info().path().equals("/version")
              ? ApiResponse.of(200, "application/json", Buffer.buffer("{}"))
              : new ApiResponse(
                  404,
                  "text/plain; charset=utf-8",
                  List.of(Buffer.buffer("404 page not found\n")),
                  List.of(),
                  List.of("X-Content-Type-Options", "nosniff"));
  Authorizer authorizer = asked -> asked.user().name().equals("nobody") ? Authorizer.Decision.NO_OPINION : new Authorizer.Decision.Allow("");
  Authenticator authenticator =
      credentials -> {
        String header = credentials.header("Authorization");
        if (header.equals("Bearer bad")) {
          throw Failure.Unauthorized.PLAIN.toException();
        }
        String name = header.startsWith("Bearer ") ? header.substring(7) : UserInfo.ANONYMOUS;
        return Optional.of(Authenticator.Authenticated.of(new UserInfo(name, "", List.of())));
      };
  FlowControl flowControl = (_, _) -> Optional.of(new FlowControl.Classified("fs-uid", "pl-uid", "fs", "pl", false));
  MaxInFlight maxInFlight = new MaxInFlight(400, 200);
  Limits limits = Limits.DEFAULT;
  Serving serving = Serving.DEFAULT;
  RequestMetrics metrics = RequestMetrics.NONE;
  AuditSink auditSink = AuditSink.NONE;
  @Nullable Tls tls;

  final Vertx vertx = Vertx.vertx();
  private @Nullable IngressVerticle verticle;

  TestIngress start() throws Exception {
    var wire = new Wire(vertx);
    await(wire.<ApiRequest, ApiResponse>serve(Endpoint.group(""), q -> resources.apply(q)));
    await(wire.<ApiRequest, ApiResponse>serve(Endpoint.group("apps"), q -> resources.apply(q)));
    await(wire.<ApiRequest, WatchStream>serve(Endpoint.watch(), q -> watches.apply(q)));
    await(wire.<ApiRequest, ApiResponse>serve(Endpoint.discovery(), q -> discovery.apply(q)));
    verticle =
        new IngressVerticle(
            new Listener("127.0.0.1", 0, tls),
            limits,
            serving,
            new Services(
                new FakeRoutes(),
                wire,
                c -> authenticator.authenticate(c),
                a -> authorizer.authorize(a),
                (user, info) -> flowControl.classify(user, info),
                maxInFlight,
                auditSink,
                StatusEncoder.JSON,
                metrics,
                InstantSource.system()));
    await(vertx.deployVerticle(verticle));
    return this;
  }

  int port() {
    return verticle().port();
  }

  IngressVerticle verticle() {
    if (verticle == null) {
      throw new IllegalStateException("not started");
    }
    return verticle;
  }

  /// Sends a request line, the user's token and more headers over plain HTTP/1.1 and reads until the connection ends.
  String send(String line, String token, String... headers) throws IOException {
    return sendRaw(request(line, token, "", headers));
  }

  static String request(String line, String token, String body, String... headers) {
    var out = new StringBuilder(line).append(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    if (!token.isEmpty()) {
      out.append("Authorization: Bearer ").append(token).append("\r\n");
    }
    for (String header : headers) {
      out.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      out.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return out.append("\r\n").append(body).toString();
  }

  String sendRaw(String bytes) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    await(vertx.close());
  }

  static final class FakeRoutes implements Routes {
    @Override
    public Optional<Endpoint<ApiRequest, ApiResponse>> findEndpoint(String group, String version) {
      return version.equals("v1") && (group.isEmpty() || group.equals("apps")) ? Optional.of(Endpoint.group(group)) : Optional.empty();
    }

    @Override
    public Optional<Proxy> findProxy(String group, String version) {
      if (!group.equals("extended.example")) {
        return Optional.empty();
      }
      return Optional.of(
          (request, user, auditId) -> request.response().putHeader("Audit-Id", auditId).end("proxied for " + user.name() + " " + request.uri()));
    }

    @Override
    public boolean knowsGroup(String group) {
      return group.isEmpty() || group.equals("apps");
    }
  }

  static Duration seconds(long count) {
    return Duration.ofSeconds(count);
  }
}
