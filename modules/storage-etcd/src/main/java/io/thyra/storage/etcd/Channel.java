package io.thyra.storage.etcd;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientOptions;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The way to the cluster: calls and streams, over one connection to one server at a time. Whoever finds that server failing
/// makes the channel turn to the next.
///
/// Owned by the engine's loop: everything is called and completes there.
final class Channel {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final GrpcClient client;
  private final List<URI> servers;
  private final Duration callTimeout;
  private int current;
  private volatile boolean closed;

  Channel(Vertx vertx, EtcdOptions options) {
    this.vertx = vertx;
    this.servers = options.servers();
    this.callTimeout = options.callTimeout();
    this.client =
        GrpcClient.builder(vertx)
            .with(new GrpcClientOptions().setMaxMessageSize(Integer.MAX_VALUE))
            .with(http(options))
            .build();
  }

  private static HttpClientOptions http(EtcdOptions options) {
    var http =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            // Pages of a list are a few megabytes; the default window takes a round trip for every 64 KiB of them.
            .setInitialSettings(new Http2Settings().setInitialWindowSize(4 << 20))
            .setHttp2ConnectionWindowSize(16 << 20)
            .setTcpKeepAlive(true)
            .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    if (options.servers().getFirst().getScheme().equals("https")) {
      http.setSsl(true).setUseAlpn(true).setVerifyHost(true);
      options.authority().ifPresent(file -> http.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
      options
          .identity()
          .ifPresent(
              identity ->
                  http.setKeyCertOptions(
                      new PemKeyCertOptions()
                          .addCertPath(identity.certificate().toString())
                          .addKeyPath(identity.key().toString())));
    }
    return http;
  }

  /// A stream of messages in both directions.
  interface Stream {
    void send(Buffer message);

    /// Ends it; its listener hears nothing more.
    void close();
  }

  /// Hears of a stream.
  interface StreamListener {
    void onMessage(Buffer message);

    void onBroken(CallFailure cause);
  }

  /// The address of the server that is used at present.
  String server() {
    return servers.get(current).getAuthority();
  }

  /// One call with one answer; fails with [CallFailure] and nothing else.
  Future<Buffer> call(Protocol.Method method, Buffer message) {
    return call(method, message, callTimeout);
  }

  Future<Buffer> call(Protocol.Method method, Buffer message, Duration timeout) {
    int asked = current;
    Promise<Buffer> answer = Promise.promise();
    request(asked, method)
        .onFailure(cause -> answer.tryFail(CallFailure.unreachable(name(asked), cause)))
        .onSuccess(
            request -> {
              long timer =
                  vertx.setTimer(
                      timeout.toMillis(),
                      _ -> {
                        // The connection may be the reason.
                        turnFrom(asked);
                        answer.tryFail(CallFailure.broken(name(asked), "no answer within " + timeout.toMillis() + " ms"));
                        request.cancel();
                      });
              answer.future().onComplete(_ -> vertx.cancelTimer(timer));
              request.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
              request.exceptionHandler(cause -> answer.tryFail(CallFailure.broken(name(asked), text(cause))));
              request
                  .response()
                  .onSuccess(response -> receive(asked, response, answer))
                  .onFailure(cause -> answer.tryFail(CallFailure.broken(name(asked), text(cause))));
              request.endMessage(GrpcMessage.message("identity", message));
            });
    return answer
        .future()
        .onFailure(
            cause -> {
              if (((CallFailure) cause).effect() != CallFailure.Effect.REFUSED) {
                turnFrom(asked);
              }
            });
  }

  private void receive(int asked, GrpcClientResponse<Buffer, Buffer> response, Promise<Buffer> answer) {
    Buffer[] last = new Buffer[1];
    response.messageHandler(message -> last[0] = message.payload());
    response.exceptionHandler(cause -> answer.tryFail(CallFailure.broken(name(asked), text(cause))));
    response.endHandler(
        _ -> {
          if (response.status() == GrpcStatus.OK && last[0] != null) {
            answer.tryComplete(last[0]);
          } else {
            answer.tryFail(ended(asked, response));
          }
        });
  }

  private CallFailure ended(int asked, GrpcClientResponse<Buffer, Buffer> response) {
    GrpcStatus status = response.status();
    if (status == null || status == GrpcStatus.OK) {
      return CallFailure.broken(name(asked), "the answer ended without a message");
    }
    String message = response.statusMessage();
    return CallFailure.answered(status.code, message == null ? status.name() : message);
  }

  /// Opens a stream. The listener is called until the stream breaks, which it is told, or is closed.
  Future<Stream> open(Protocol.Method method, StreamListener listener) {
    int asked = current;
    return request(asked, method)
        .map(
            request -> {
              Stream stream = new OpenStream(request);
              // The server ends the stream when its member lost the cluster.
              request.headers().set("hasleader", "true");
              Handler<CallFailure> broken =
                  cause -> {
                    turnFrom(asked);
                    listener.onBroken(cause);
                  };
              request.exceptionHandler(cause -> broken.handle(CallFailure.broken(name(asked), text(cause))));
              request
                  .response()
                  .onFailure(cause -> broken.handle(CallFailure.broken(name(asked), text(cause))))
                  .onSuccess(
                      response -> {
                        response.messageHandler(message -> listener.onMessage(message.payload()));
                        response.exceptionHandler(cause -> broken.handle(CallFailure.broken(name(asked), text(cause))));
                        response.endHandler(_ -> broken.handle(ended(asked, response)));
                      });
              return stream;
            })
        .recover(
            cause -> {
              turnFrom(asked);
              return Future.failedFuture(CallFailure.unreachable(name(asked), cause));
            });
  }

  private record OpenStream(GrpcClientRequest<Buffer, Buffer> request) implements Stream {
    @Override
    public void send(Buffer message) {
      request.writeMessage(GrpcMessage.message("identity", message));
    }

    @Override
    public void close() {
      request.cancel();
    }
  }

  private Future<GrpcClientRequest<Buffer, Buffer>> request(int server, Protocol.Method method) {
    URI uri = servers.get(server);
    return client
        .request(SocketAddress.inetSocketAddress(uri.getPort(), uri.getHost()))
        .map(request -> request.serviceName(ServiceName.create(method.service())).methodName(method.name()));
  }

  private String name(int server) {
    return servers.get(server).getAuthority();
  }

  private void turnFrom(int server) {
    if (current == server) {
      current = (current + 1) % servers.size();
    }
  }

  private static String text(Throwable cause) {
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  Future<Void> close() {
    closed = true;
    return client.close();
  }

  /// What runs on the loop later, unless the channel is closed by then.
  ///
  /// @return cancels it
  Runnable after(Duration delay, Runnable task) {
    long timer =
        vertx.setTimer(
            Math.max(1, delay.toMillis()),
            _ -> {
              if (!closed) {
                task.run();
              }
            });
    return () -> vertx.cancelTimer(timer);
  }
}
