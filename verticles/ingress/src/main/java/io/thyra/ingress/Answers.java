package io.thyra.ingress;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.thyra.model.Failure;
import io.thyra.model.Status;
import io.thyra.wire.ApiResponse;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Writes answers: the headers that all of them carry, the body in bounded pieces at the client's pace, packed where
/// upstream would pack it. Owned by one event loop.
final class Answers {
  // Go's servers give a length when the whole answer fit their first buffer, and use chunks otherwise.
  private static final int LENGTH_GIVEN_MAX_HTTP1 = 2048;
  private static final int LENGTH_GIVEN_MAX_HTTP2 = 4096;
  // Small enough to share a connection fairly, large enough to cost little.
  private static final int PIECE_BYTES_MAX = 64 * 1024;
  private static final int GZIP_THRESHOLD_BYTES = 128 * 1024;
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache, private");
  private static final CharSequence NO_SNIFF = HttpHeaders.createOptimized("nosniff");
  private static final String TEXT = "text/plain; charset=utf-8";

  private final Vertx vertx;
  private final StatusEncoder statusEncoder;
  private final InstantSource clock;
  private final HttpDate date = new HttpDate();
  private final String hsts;
  private final Consumer<Exchange> whenDone;

  Answers(Vertx vertx, StatusEncoder statusEncoder, InstantSource clock, List<String> hstsDirectives, Consumer<Exchange> whenDone) {
    this.vertx = vertx;
    this.statusEncoder = statusEncoder;
    this.clock = clock;
    this.hsts = String.join("; ", hstsDirectives);
    this.whenDone = whenDone;
  }

  /// Tells a failure in the format that the client asked for.
  void fail(Exchange exchange, Failure failure) {
    fail(exchange, failure, List.of());
  }

  void fail(Exchange exchange, Failure failure, List<String> warnings) {
    fail(exchange, Status.of(failure), false, warnings);
  }

  /// The same, marked as nothing that a browser should guess the type of.
  void refuse(Exchange exchange, Failure failure) {
    fail(exchange, Status.of(failure), true, List.of());
  }

  private void fail(Exchange exchange, Status status, boolean noSniff, List<String> warnings) {
    if (!begin(exchange)) {
      return;
    }
    exchange.status = status;
    StatusEncoder.Encoded encoded = statusEncoder.encode(status, exchange.preference());
    MultiMap headers = head(exchange, status.code() == 0 ? 500 : status.code(), encoded.contentType());
    if (noSniff) {
      headers.add(exchange.names.noSniff(), NO_SNIFF);
    }
    warn(exchange, headers, warnings);
    if (status.details() != null && status.details().retryAfterSeconds() > 0) {
      headers.add(exchange.names.retryAfter(), Integer.toString(status.details().retryAfterSeconds()));
    }
    if (status.code() == 404 && status.message().equals("the server could not find the requested resource")) {
      exchange.counted = false;
    }
    end(exchange, encoded.body());
  }

  /// An error as Go's http.Error writes it.
  void text(Exchange exchange, int code, String text) {
    text(exchange, code, text, 0);
  }

  void text(Exchange exchange, int code, String text, int retryAfterSeconds) {
    if (!begin(exchange)) {
      return;
    }
    MultiMap headers = head(exchange, code, TEXT);
    headers.add(exchange.names.noSniff(), NO_SNIFF);
    if (retryAfterSeconds > 0) {
      headers.add(exchange.names.retryAfter(), Integer.toString(retryAfterSeconds));
    }
    end(exchange, Buffer.buffer(text + "\n"));
  }

  /// What is no HTTP request is told so in the bare form that Go's servers use, and the connection ends.
  void malformed(Exchange exchange, String status) {
    malformed(exchange, status, status);
  }

  void malformed(Exchange exchange, String status, String text) {
    if (!begin(exchange)) {
      return;
    }
    exchange.closing = true;
    // Written below the encoder, which would answer a broken request with HTTP/1.0.
    if (exchange.request.connection() instanceof ConnectionBase base
        && base.channelHandlerContext().pipeline().context(HttpResponseEncoder.class) instanceof ChannelHandlerContext encoder) {
      String bytes = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n" + text;
      encoder
          .writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII))
          .addListener(_ -> whenDone.accept(exchange));
    } else {
      head(exchange, 400, TEXT);
      end(exchange, Buffer.buffer(text));
    }
  }

  /// The server drains. Source: apiserver pkg/server/filters/waitgroup.go and with_retry_after.go.
  void shuttingDown(Exchange exchange, boolean sendRetryAfter) {
    exchange.closing = true;
    if (sendRetryAfter) {
      text(exchange, 429, "The apiserver is shutting down, please try again later.", 5);
    } else if (begin(exchange)) {
      Status status = Status.of(new Failure.ServiceUnavailable("apiserver is shutting down"));
      StatusEncoder.Encoded encoded = StatusEncoder.JSON.encode(status, new StatusEncoder.Preference("", "", null));
      MultiMap headers = head(exchange, 503, encoded.contentType());
      headers.add(exchange.names.noSniff(), NO_SNIFF);
      headers.add(exchange.names.retryAfter(), "1");
      end(exchange, encoded.body());
    }
  }

  void empty(Exchange exchange, int code) {
    if (begin(exchange)) {
      head(exchange, code, "");
      end(exchange, Buffer.buffer());
    }
  }

  void answer(Exchange exchange, ApiResponse answer) {
    if (!begin(exchange)) {
      return;
    }
    MultiMap headers = head(exchange, answer.code(), answer.contentType());
    List<String> more = answer.headers();
    for (int i = 0; i + 1 < more.size(); i += 2) {
      String name = more.get(i);
      if (name.equalsIgnoreCase("Cache-Control")) {
        headers.set(exchange.names.cacheControl(), more.get(i + 1));
      } else {
        headers.add(name, more.get(i + 1));
      }
    }
    warn(exchange, headers, answer.warnings());
    long length = answer.length();
    if (length > GZIP_THRESHOLD_BYTES && packs(exchange, answer)) {
      vertx.executeBlocking(() -> gzip(answer.pieces()), false).onComplete(packed -> sendPacked(exchange, packed), bug -> abort(exchange));
    } else {
      send(exchange, answer.pieces(), length);
    }
  }

  private static void warn(Exchange exchange, MultiMap headers, List<String> warnings) {
    if (!warnings.isEmpty()) {
      for (String warning : WarningHeaders.of(warnings)) {
        headers.add(exchange.names.warning(), WarningHeaders.bytes(warning));
      }
    }
  }

  /// The head of a stream, written at once so that the client knows that it is open.
  void stream(Exchange exchange, String contentType, List<String> warnings) {
    warn(exchange, head(exchange, 200, contentType), warnings);
    if (!exchange.http2) {
      exchange.response.setChunked(true);
    }
    exchange.response.writeHead();
  }

  /// Marks the answer as begun; false when there is one already or nobody is left to read it.
  boolean begin(Exchange exchange) {
    if (exchange.answered || exchange.response.closed()) {
      return false;
    }
    exchange.answered = true;
    return true;
  }

  MultiMap head(Exchange exchange, int code, String contentType) {
    HttpServerResponse response = exchange.response;
    response.setStatusCode(code);
    HeaderNames names = exchange.names;
    MultiMap headers = response.headers();
    headers.add(names.auditId(), exchange.auditId);
    headers.add(names.cacheControl(), NO_CACHE);
    if (!contentType.isEmpty()) {
      headers.add(names.contentType(), contentType);
    }
    headers.add(names.date(), date.at(clock.instant()));
    if (exchange.classified != null) {
      headers.add(names.flowSchema(), exchange.classified.flowSchemaUid());
      headers.add(names.priorityLevel(), exchange.classified.priorityLevelUid());
    }
    if (!hsts.isEmpty()) {
      headers.add(names.hsts(), hsts);
    }
    if (exchange.corsOrigin != null) {
      Cors.allow(headers, exchange.corsOrigin);
    }
    if (exchange.closing && !exchange.http2) {
      headers.set("Connection", "close");
    }
    return headers;
  }

  private static boolean packs(Exchange exchange, ApiResponse answer) {
    if (exchange.info == null || !exchange.info.resourceRequest() || answer.contentType().startsWith("text/")) {
      return false;
    }
    String accepted = exchange.header(HttpHeaders.ACCEPT_ENCODING);
    int at = 0;
    while (at < accepted.length()) {
      int comma = accepted.indexOf(',', at);
      int end = comma < 0 ? accepted.length() : comma;
      if (accepted.substring(at, end).strip().equals("gzip")) {
        return true;
      }
      at = end + 1;
    }
    return false;
  }

  private static Buffer gzip(List<Buffer> pieces) {
    var bytes = new ByteArrayOutputStream(PIECE_BYTES_MAX);
    try (var gzip = new FastGzip(bytes)) {
      for (Buffer piece : pieces) {
        gzip.write(piece.getBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /// The level that upstream uses: the least CPU.
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 8192);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void sendPacked(Exchange exchange, Buffer packed) {
    if (exchange.done) {
      return;
    }
    MultiMap headers = exchange.response.headers();
    headers.set(exchange.names.contentEncoding(), "gzip");
    headers.add(exchange.names.vary(), "Accept-Encoding");
    send(exchange, List.of(packed), packed.length());
  }

  private void send(Exchange exchange, List<Buffer> pieces, long length) {
    int lengthGivenMax = exchange.http2 ? LENGTH_GIVEN_MAX_HTTP2 : LENGTH_GIVEN_MAX_HTTP1;
    if (length <= lengthGivenMax || exchange.method.equals("HEAD")) {
      end(exchange, joined(pieces, (int) Math.min(length, Integer.MAX_VALUE)));
      return;
    }
    if (exchange.request.version() == HttpVersion.HTTP_1_0) {
      exchange.response.headers().set(exchange.names.contentLength(), Long.toString(length));
    } else if (!exchange.http2 && !exchange.response.headers().contains(exchange.names.contentLength())) {
      exchange.response.setChunked(true);
    }
    exchange.responseBytes = length;
    new Sending(exchange, pieces).go();
  }

  private static Buffer joined(List<Buffer> pieces, int length) {
    if (pieces.size() == 1) {
      return pieces.getFirst();
    }
    Buffer all = Buffer.buffer(length);
    pieces.forEach(all::appendBuffer);
    return all;
  }

  private void end(Exchange exchange, Buffer body) {
    HttpServerResponse response = exchange.response;
    if (response.closed()) {
      whenDone.accept(exchange);
      return;
    }
    int code = response.getStatusCode();
    boolean bodiless = code == 204 || code == 304;
    if (!bodiless && !response.headers().contains(exchange.names.contentLength())) {
      response.headers().set(exchange.names.contentLength(), Integer.toString(body.length()));
    }
    exchange.responseBytes = body.length();
    if (bodiless || exchange.method.equals("HEAD")) {
      response.end().onComplete(_ -> whenDone.accept(exchange));
    } else {
      response.end(body).onComplete(_ -> whenDone.accept(exchange));
    }
  }

  /// An answer that somebody else wrote is complete.
  void finished(Exchange exchange) {
    whenDone.accept(exchange);
  }

  private void abort(Exchange exchange) {
    exchange.response.reset();
    whenDone.accept(exchange);
  }

  /// A large body on its way: never more than a write queue full of it is handed to the connection at a time, so that
  /// answers on one connection take turns.
  private final class Sending {
    private final Exchange exchange;
    private final List<Buffer> pieces;
    private int piece;
    private int at;

    Sending(Exchange exchange, List<Buffer> pieces) {
      this.exchange = exchange;
      this.pieces = pieces;
    }

    void go() {
      HttpServerResponse response = exchange.response;
      while (true) {
        if (response.closed()) {
          whenDone.accept(exchange);
          return;
        }
        Buffer next = next();
        if (next == null) {
          response.end().onComplete(_ -> whenDone.accept(exchange));
          return;
        }
        response.write(next);
        if (response.writeQueueFull()) {
          response.drainHandler(
              _ -> {
                response.drainHandler(null);
                go();
              });
          return;
        }
      }
    }

    private @Nullable Buffer next() {
      while (piece < pieces.size()) {
        Buffer current = pieces.get(piece);
        int left = current.length() - at;
        if (left <= 0) {
          piece++;
          at = 0;
          continue;
        }
        int take = Math.min(left, PIECE_BYTES_MAX);
        Buffer slice = at == 0 && take == left ? current : current.slice(at, at + take);
        at += take;
        return slice;
      }
      return null;
    }
  }
}
