package io.thyra.discovery;

import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers with bytes that are known by an ETag and a date, under the conditions of the request.
/// Source: Go net/http fs.go, serveContent; RFC 9110, sections 13 and 14.
final class Content {
  private Content() {}

  /// @param etag with its quotes
  /// @param modified null where it is not told
  static ApiResponse serve(ApiRequest request, String type, Buffer body, String etag, @Nullable Instant modified, List<String> more) {
    var headers = new ArrayList<>(more);
    headers.addAll(List.of("ETag", etag));
    if (modified != null) {
      headers.addAll(List.of("Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(modified.atOffset(ZoneOffset.UTC))));
    }
    ApiRequest.Conditions conditions = request.conditions();
    if (!conditions.ifMatch().isEmpty() && !matches(conditions.ifMatch(), etag, false)) {
      return new ApiResponse(412, type, List.of(), List.of(), headers);
    }
    if (!conditions.ifNoneMatch().isEmpty()) {
      if (matches(conditions.ifNoneMatch(), etag, true)) {
        return new ApiResponse(304, "", List.of(), List.of(), headers);
      }
    } else if (modified != null && !newerThan(modified, conditions.ifModifiedSince())) {
      return new ApiResponse(304, "", List.of(), List.of(), headers);
    }
    headers.addAll(List.of("Accept-Ranges", "bytes"));
    return ranged(request, type, body, headers);
  }

  private static boolean matches(String header, String etag, boolean weak) {
    for (String part : header.split(",")) {
      String tag = part.strip();
      if (tag.equals("*") || (weak && tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag)) {
        return true;
      }
    }
    return false;
  }

  private static boolean newerThan(Instant modified, String since) {
    if (since.isEmpty()) {
      return true;
    }
    try {
      Instant known = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(since));
      return modified.truncatedTo(ChronoUnit.SECONDS).isAfter(known);
    } catch (DateTimeParseException _) {
      return true;
    }
  }

  /// One range at most; a client that asks for several gets the whole.
  private static ApiResponse ranged(ApiRequest request, String type, Buffer body, List<String> headers) {
    String range = request.conditions().range();
    int size = body.length();
    if (!range.startsWith("bytes=") || range.indexOf(',') >= 0) {
      return new ApiResponse(200, type, List.of(body), List.of(), headers);
    }
    String[] ends = range.substring(6).strip().split("-", -1);
    try {
      int from = ends[0].isEmpty() ? Math.max(0, size - Integer.parseInt(ends[1])) : Integer.parseInt(ends[0]);
      int to = ends[0].isEmpty() || ends[1].isEmpty() ? size - 1 : Math.min(size - 1, Integer.parseInt(ends[1]));
      if (ends.length == 2 && from <= to) {
        headers.addAll(List.of("Content-Range", "bytes " + from + "-" + to + "/" + size));
        return new ApiResponse(206, type, List.of(body.slice(from, to + 1)), List.of(), headers);
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException _) {
      // Told below.
    }
    headers.addAll(List.of("Content-Range", "bytes */" + size));
    return new ApiResponse(416, Replies.PLAIN, List.of(Buffer.buffer("invalid range: failed to overlap\n")), List.of(), headers);
  }
}
