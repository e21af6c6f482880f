package io.thyra.backends;

import io.thyra.admission.webhook.WebhookClient.Unanswered;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.codec.DecodeException;
import io.thyra.model.ObjectValue;
import io.thyra.storage.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One question to a webhook, redirects followed as Go's client follows them. Its answer comes to the thread that asked.
final class WebhookExchange {
  private static final int BODY_BYTES_MAX = 16 << 20;
  private static final int REDIRECTS_MAX = 10;

  private final Vertx vertx;
  private final HttpClientAgent http;
  private final WebhookTarget target;
  private final String authorization;
  private final Duration timeout;
  private final Reply<ObjectValue> reply = new Reply<>();
  private final AtomicReference<@Nullable HttpClientRequest> running = new AtomicReference<>();
  private volatile boolean done;

  /// @param authorization the header; empty for none
  WebhookExchange(Vertx vertx, HttpClientAgent http, WebhookTarget target, String authorization, Duration timeout) {
    this.vertx = vertx;
    this.http = http;
    this.target = target;
    this.authorization = authorization;
    this.timeout = timeout;
  }

  Future<ObjectValue> post(Buffer body) {
    String uri = target.path() + "?timeout=" + timeout.toSeconds() + "s";
    Address address;
    try {
      address = target.place().find();
    } catch (ServiceResolver.Unresolved e) {
      return Future.failedFuture(unanswered(HttpMethod.POST, uri, e.getMessage()));
    }
    long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), _ -> fail(HttpMethod.POST, uri, address, new TimeoutException()));
    send(HttpMethod.POST, uri, body, address, 0, false);
    return reply.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private Unanswered unanswered(HttpMethod method, String uri, String why) {
    String word = method.name().charAt(0) + method.name().substring(1).toLowerCase(java.util.Locale.ROOT);
    return new Unanswered(word + " \"https://" + target.authority() + uri + "\": " + why);
  }

  private void fail(HttpMethod method, String uri, Address address, Throwable cause) {
    done = true;
    reply.fail(unanswered(method, uri, BackendTrouble.text(cause, address)));
    HttpClientRequest request = running.get();
    if (request != null) {
      request.reset();
    }
  }

  /// @param again whether this is the second try, after a kept connection turned out to be closed
  private void send(HttpMethod method, String uri, Buffer body, Address address, int redirects, boolean again) {
    var options =
        new RequestOptions()
            .setServer(SocketAddress.inetSocketAddress(address.port(), address.host()))
            .setHost(target.serverName())
            .setPort(target.port())
            .setSsl(true)
            .setMethod(method)
            .setURI(uri)
            // Names as Go writes them.
            .putHeader("Host", target.authority())
            .putHeader("Accept", "application/json, */*")
            .putHeader("Content-Type", "application/json")
            .putHeader("User-Agent", "kube-apiserver-admission");
    if (!authorization.isEmpty()) {
      options.putHeader("Authorization", authorization);
    }
    http.request(options)
        .onComplete(
            request -> {
              running.set(request);
              if (done) {
                request.reset();
                return;
              }
              (method == HttpMethod.GET ? request.send() : request.send(body))
                  .onComplete(
                      response -> answered(response, method, uri, body, address, redirects),
                      cause -> {
                        if (!again && !done && BackendTrouble.isClosed(cause)) {
                          send(method, uri, body, address, redirects, true);
                        } else {
                          fail(method, uri, address, cause);
                        }
                      });
            },
            cause -> fail(method, uri, address, cause));
  }

  private void answered(
      HttpClientResponse response, HttpMethod method, String uri, Buffer body, Address address, int redirects) {
    String location = response.getHeader(HttpHeaders.LOCATION);
    boolean rewrites = response.statusCode() == 301 || response.statusCode() == 302 || response.statusCode() == 303;
    boolean repeats = response.statusCode() == 307 || response.statusCode() == 308;
    if (location != null && (rewrites || repeats)) {
      if (redirects == REDIRECTS_MAX) {
        fail(method, uri, address, new IllegalStateException("stopped after " + REDIRECTS_MAX + " redirects"));
      } else if (!location.startsWith("/") || location.startsWith("//")) {
        // The trust of a webhook is that of one server.
        fail(method, uri, address, new IllegalStateException("redirects to other servers are not followed"));
      } else {
        send(rewrites ? HttpMethod.GET : method, location, body, address, redirects + 1, false);
      }
      return;
    }
    Buffer read = Buffer.buffer();
    response.exceptionHandler(cause -> fail(method, uri, address, cause));
    response.handler(
        piece -> {
          if (read.length() + piece.length() > BODY_BYTES_MAX) {
            fail(method, uri, address, new IllegalStateException("the answer is larger than " + BODY_BYTES_MAX + " bytes"));
          } else {
            read.appendBuffer(piece);
          }
        });
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    response.endHandler(
        _ -> {
          done = true;
          try {
            reply.complete(new RestAnswer(response.statusCode(), type == null ? "" : type, read).object());
          } catch (DecodeException e) {
            reply.fail(new Unanswered(e.text()));
          }
        });
  }
}
