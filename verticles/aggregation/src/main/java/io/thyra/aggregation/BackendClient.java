package io.thyra.aggregation;

import io.thyra.backends.BackendTrouble;
import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.UserInfo;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Asks an extension server for a document on behalf of this server. Bodies are bounded. Safe for all threads.
final class BackendClient {
  /// An answer with its whole body.
  record Answer(int code, MultiMap headers, Buffer body) {
    String header(String name) {
      String value = headers.get(name);
      return value == null ? "" : value;
    }
  }

  private static final int BODY_BYTES_MAX = 64 << 20;

  private final Vertx vertx;

  BackendClient(Vertx vertx) {
    this.vertx = vertx;
  }

  /// Fails with what [BackendTrouble] can put in words.
  Future<Answer> get(Transport transport, Address address, String path, UserInfo user, MultiMap headers, Duration timeout) {
    Promise<Answer> promise = Promise.promise();
    MultiMap sent = HttpHeaders.headers().addAll(headers);
    ForwardedHeaders.addUser(sent, user);
    var running = new AtomicReference<@Nullable HttpClientRequest>();
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            _ -> {
              HttpClientRequest request = running.get();
              if (promise.tryFail(new TimeoutException()) && request != null) {
                request.reset();
              }
            });
    promise.future().onComplete(_ -> vertx.cancelTimer(timer));
    transport
        .request(address, HttpMethod.GET, path, sent)
        .onComplete(
            request -> {
              running.set(request);
              if (promise.future().isComplete()) {
                request.reset();
                return;
              }
              request.exceptionHandler(promise::tryFail);
              request.send().onComplete(response -> read(response, promise), promise::tryFail);
            },
            promise::tryFail);
    return promise.future();
  }

  private static void read(HttpClientResponse response, Promise<Answer> promise) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.handler(
        piece -> {
          if (body.length() + piece.length() > BODY_BYTES_MAX) {
            promise.tryFail("the document is too large");
            response.request().reset();
          } else {
            body.appendBuffer(piece);
          }
        });
    response.endHandler(_ -> promise.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
  }
}
