package io.thyra.discovery;

import io.thyra.model.Failure;
import io.thyra.model.Status;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// Answers and refusals in the words of upstream's router.
/// Source: go-restful curly.go, jsr311.go; apiserver pkg/endpoints/groupversion and pkg/server/mux.
final class Replies {
  static final String PLAIN = "text/plain; charset=utf-8";
  private static final List<String> NO_SNIFF = List.of("X-Content-Type-Options", "nosniff");

  private Replies() {}

  static ApiResponse text(int code, String text) {
    return new ApiResponse(code, PLAIN, List.of(Buffer.buffer(text)), List.of(), NO_SNIFF);
  }

  static ApiResponse empty(int code) {
    return new ApiResponse(code, "", List.of(), List.of(), List.of());
  }

  /// A path that nobody knows.
  static ApiResponse noPage() {
    return text(404, "404 page not found\n");
  }

  /// A path below one that the router knows.
  static Failure noResource() {
    return routed(404, "NotFound", "the server could not find the requested resource");
  }

  /// Refuses every method but GET, HEAD too.
  static void onlyGet(ApiRequest request) {
    if (!request.method().equals("GET")) {
      throw routed(405, "MethodNotAllowed", "the server does not allow this method on the requested resource").toException();
    }
  }

  /// Refuses who does not accept the one type that there is. The router knows `*/*` but no `application/*`.
  static void produces(ApiRequest request, String mediaType) {
    if (request.accept().isEmpty()) {
      return;
    }
    for (String part : request.accept().split(",")) {
      int semicolon = part.indexOf(';');
      String bare = (semicolon < 0 ? part : part.substring(0, semicolon)).strip();
      if (bare.equals("*/*") || bare.equals(mediaType)) {
        return;
      }
    }
    throw routed(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: " + mediaType).toException();
  }

  private static Failure routed(int code, String reason, String message) {
    return new Failure.Told(Status.failure(code, reason, message, new Status.Details("", "", "", "", List.of(), 0)));
  }
}
