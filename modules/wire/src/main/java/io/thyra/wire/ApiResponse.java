package io.thyra.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/// The answer to an [ApiRequest]. Its pieces are shared and must not be changed; ingress writes them in order at the
/// client's pace, compresses them where upstream would, and adds the headers that every answer carries.
///
/// @param warnings texts for `Warning: 299 - "…"` headers
/// @param headers name and value in turn, beyond Content-Type and warnings
public record ApiResponse(int code, String contentType, List<Buffer> pieces, List<String> warnings, List<String> headers) {
  public ApiResponse {
    pieces = List.copyOf(pieces);
    warnings = List.copyOf(warnings);
    headers = List.copyOf(headers);
  }

  public static ApiResponse of(int code, String contentType, Buffer body) {
    return new ApiResponse(code, contentType, List.of(body), List.of(), List.of());
  }

  public long length() {
    long bytes = 0;
    for (Buffer piece : pieces) {
      bytes += piece.length();
    }
    return bytes;
  }
}
