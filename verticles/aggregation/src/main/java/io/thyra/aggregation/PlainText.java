package io.thyra.aggregation;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/// Answers with a line of text, as Go's http.Error does.
final class PlainText {
  private PlainText() {}

  static void answer(HttpServerRequest request, int code, String text) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    request.handler(null);
    request.resume();
    Buffer body = Buffer.buffer(text + "\n");
    response.setStatusCode(code).setChunked(false);
    response.putHeader("Content-Type", "text/plain; charset=utf-8").putHeader("X-Content-Type-Options", "nosniff");
    response.putHeader("Content-Length", Integer.toString(body.length()));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(body);
    }
  }
}
