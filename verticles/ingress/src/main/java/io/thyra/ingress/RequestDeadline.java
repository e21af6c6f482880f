package io.thyra.ingress;

import io.thyra.codec.DecodeException;
import io.thyra.codec.GoDuration;
import io.thyra.model.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a request may take: `?timeout=`, never longer than the server's own limit, which zero and negative values
/// stand for. Source: apiserver pkg/endpoints/filters/request_deadline.go.
final class RequestDeadline {
  private RequestDeadline() {}

  static Duration timeout(RequestTarget target, Duration max) {
    if (target.rawQuery().isEmpty()) {
      return max;
    }
    String asked = target.parameter("timeout");
    if (asked == null || asked.isEmpty()) {
      return max;
    }
    long nanos = parse(asked);
    return nanos > 0 && nanos < max.toNanos() ? Duration.ofNanos(nanos) : max;
  }

  private static long parse(String asked) {
    @Nullable String message;
    try {
      return GoDuration.parse(asked);
    } catch (DecodeException e) {
      message = e.getMessage();
    }
    throw new Failure.BadRequest("invalid timeout specified in the request URL - " + message).toException();
  }
}
