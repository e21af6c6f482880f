package io.thyra.backends;

import io.thyra.backends.ServiceResolver.Address;
import io.thyra.model.Failure;
import io.thyra.wire.Routes;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One request on its way to a server behind this one and the answer on its way back. Bytes move at the pace of whoever reads them
/// and are never gathered, but for pages in HTML, whose links are rewritten. Owned by the event loop of the request.
public final class Passage {
  private static final long DISCOVERY_TIMEOUT_MILLIS = 5_000;
  private static final int PAGE_BYTES_MAX = 8 << 20;
  private static final int RETRIES_MAX = 3;
  private static final String REDIRECTED = "the backend attempted to redirect this request, which is not permitted";

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Connections connections;
  private final Address address;
  private final String target;
  private final MultiMap headers;
  private final Links links;
  private final boolean rejectRedirects;
  private final Complaint complaint;
  private @Nullable HttpClientRequest backend;
  private boolean answering;
  private boolean over;
  private long timer = -1;
  private long limit = -1;
  private int tries;

  /// Where a request goes.
  ///
  /// @param target path and query, escaped
  /// @param headers all that are sent
  /// @param links what the links of the answer are made to lead to
  /// @param rejectRedirects whether an answer may send the client elsewhere
  public record Way(Connections connections, Address address, String target, MultiMap headers, Links links, boolean rejectRedirects) {}

  public Passage(Vertx vertx, HttpServerRequest request, Way way, Complaint complaint) {
    this.vertx = vertx;
    this.request = request;
    this.response = request.response();
    this.connections = way.connections();
    this.address = way.address();
    this.target = way.target();
    this.headers = way.headers();
    this.links = way.links();
    this.rejectRedirects = way.rejectRedirects();
    this.complaint = complaint;
  }

  /// @param soon whether an answer that does not come within five seconds is none
  public void go(boolean soon, Routes.Proxy.Terms terms) {
    if (terms.limitMillis() > 0) {
      limit = vertx.setTimer(terms.limitMillis(), _ -> expire(terms.expired()));
    }
    response.exceptionHandler(_ -> abandon());
    request.exceptionHandler(_ -> abandon());
    if (soon) {
      timer = vertx.setTimer(DISCOVERY_TIMEOUT_MILLIS, _ -> fail(new TimeoutException()));
    }
    open();
  }

  private void open() {
    connections.request(address, request.method(), target, headers).onComplete(this::send, this::fail);
  }

  private void send(HttpClientRequest opened) {
    if (over) {
      opened.reset();
      return;
    }
    backend = opened;
    boolean bodiless = isBodiless();
    opened.exceptionHandler(failure -> failed(failure, bodiless));
    opened.response().onComplete(this::answered, failure -> failed(failure, bodiless));
    if (bodiless) {
      if (List.of("POST", "PUT", "PATCH").contains(request.method().name())) {
        opened.putHeader("Content-Length", "0");
      }
      opened.end();
      return;
    }
    if (!headers.contains("Content-Length")) {
      opened.setChunked(true);
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      response.writeContinue();
    }
    request.handler(
        piece -> {
          opened.write(piece);
          if (opened.writeQueueFull()) {
            request.pause();
            opened.drainHandler(_ -> request.resume());
          }
        });
    request.endHandler(_ -> opened.end());
    request.resume();
  }

  private boolean isBodiless() {
    if (request.isEnded()) {
      return true;
    }
    String length = request.getHeader("Content-Length");
    if (length != null) {
      return length.strip().equals("0");
    }
    return request.version() != HttpVersion.HTTP_2 && request.getHeader("Transfer-Encoding") == null;
  }

  /// A kept connection may end just when it is used again; what had no body is then asked once more, as Go does.
  private void failed(Throwable failure, boolean bodiless) {
    boolean again = bodiless && !answering && !over && BackendTrouble.isClosed(failure) && isSafe() && tries < RETRIES_MAX && isReused();
    if (!again) {
      fail(failure);
      return;
    }
    HttpClientRequest dead = backend;
    if (dead != null) {
      // Both the request and its answer report the end.
      dead.exceptionHandler(_ -> {});
    }
    backend = null;
    tries++;
    open();
  }

  private boolean isReused() {
    HttpClientRequest sent = backend;
    return sent != null && !connections.isFresh(sent.connection());
  }

  private boolean isSafe() {
    return List.of("GET", "HEAD", "OPTIONS", "TRACE").contains(request.method().name());
  }

  private void answered(HttpClientResponse answer) {
    if (over) {
      return;
    }
    connections.served(answer.request().connection());
    cancelTimer();
    answering = true;
    MultiMap shown = ForwardedHeaders.ofServer(answer.headers());
    String location = shown.get("Location");
    int code = answer.statusCode();
    if (location != null && !location.isEmpty()) {
      if (rejectRedirects && code >= 300 && code <= 399) {
        answer.request().reset();
        redirected();
        return;
      }
      String problem = GoUrl.problem(location);
      if (!problem.isEmpty()) {
        refuse(new Failure.Internal("error trying to parse Location header: " + problem));
        return;
      }
      shown.set("Location", links.rewrite(location));
    } else if (HtmlLinks.isPage(shown)) {
      page(answer, shown);
      return;
    }
    answer.exceptionHandler(_ -> cut());
    stream(answer, shown);
  }

  private void redirected() {
    over = true;
    Buffer body = Buffer.buffer(REDIRECTED);
    response.setStatusCode(502).putHeader("Content-Type", "text/plain; charset=utf-8");
    response.putHeader("Content-Length", Integer.toString(body.length()));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(body);
    }
  }

  private void head(HttpClientResponse answer, MultiMap shown) {
    response.setStatusCode(answer.statusCode()).setStatusMessage(answer.statusMessage());
    if (shown.contains("Date")) {
      response.headers().remove("Date");
    }
    response.headers().addAll(shown);
    int code = answer.statusCode();
    boolean bodiless = code == 204 || code == 304 || code / 100 == 1 || request.method().equals(HttpMethod.HEAD);
    if (!bodiless && !shown.contains("Content-Length") && request.version() == HttpVersion.HTTP_1_1) {
      response.setChunked(true);
    }
  }

  private void stream(HttpClientResponse answer, MultiMap shown) {
    boolean typed = shown.contains("Content-Type") || shown.contains("Content-Encoding");
    boolean[] begun = new boolean[1];
    if (typed && !shown.contains("Content-Length") && response.headers() != null) {
      // Whoever watches is to know at once that it is open.
      begun[0] = true;
      head(answer, shown);
      if (response.isChunked() || request.version() == HttpVersion.HTTP_2) {
        response.writeHead();
      }
    }
    answer.handler(
        piece -> {
          if (over) {
            return;
          }
          if (!begun[0]) {
            begun[0] = true;
            if (!typed) {
              shown.set("Content-Type", ContentSniffer.type(piece));
            }
            head(answer, shown);
          }
          response.write(piece);
          if (response.writeQueueFull()) {
            answer.pause();
            response.drainHandler(_ -> answer.resume());
          }
        });
    answer.endHandler(
        _ -> {
          if (over) {
            return;
          }
          over = true;
          if (!begun[0]) {
            head(answer, shown);
          }
          response.end();
        });
  }

  /// Gathers a page and rewrites its links.
  private void page(HttpClientResponse answer, MultiMap shown) {
    Buffer gathered = Buffer.buffer();
    answer.exceptionHandler(this::fail);
    answer.handler(
        piece -> {
          if (gathered.length() + piece.length() > PAGE_BYTES_MAX) {
            answer.request().reset();
            fail(new IllegalStateException("the page is too large"));
          } else {
            gathered.appendBuffer(piece);
          }
        });
    answer.endHandler(
        _ -> {
          if (over) {
            return;
          }
          over = true;
          Buffer page = HtmlLinks.rewritePage(gathered, shown.get("Content-Encoding"), links);
          if (!request.method().equals(HttpMethod.HEAD)) {
            shown.set("Content-Length", Integer.toString(page.length()));
          }
          head(answer, shown);
          if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
          } else {
            response.end(page);
          }
        });
  }

  /// The answer did not begin in its time.
  private void expire(Runnable expired) {
    if (over || answering) {
      return;
    }
    abandon();
    request.handler(null);
    request.resume();
    expired.run();
  }

  private void fail(Throwable failure) {
    if (over) {
      return;
    }
    if (response.headWritten()) {
      cut();
      return;
    }
    refuse(unreachable(BackendTrouble.text(failure, address)));
  }

  private static Failure unreachable(String why) {
    return new Failure.ServiceUnavailable("error trying to reach service: " + why);
  }

  private void refuse(Failure failure) {
    over = true;
    cancelTimer();
    if (backend != null) {
      backend.reset();
    }
    complaint.tell(failure);
  }

  /// The server went away in the middle; the client is to see that its answer is not whole.
  private void cut() {
    if (!over) {
      over = true;
      if (!response.headWritten()) {
        complaint.tell(unreachable("unexpected EOF"));
      } else {
        response.reset();
      }
    }
  }

  private void abandon() {
    over = true;
    cancelTimer();
    if (backend != null) {
      backend.reset();
    }
  }

  private void cancelTimer() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
    if (limit >= 0) {
      vertx.cancelTimer(limit);
      limit = -1;
    }
  }
}
