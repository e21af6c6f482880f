package io.thyra.wire;

import io.thyra.model.AuditAnnotation;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/// The answer to an [ApiRequest]. Its pieces are shared and must not be changed; ingress writes them in order at the
/// client's pace, compresses them where upstream would, and adds the headers that every answer carries.
///
/// @param warnings texts for `Warning: 299 - "…"` headers
/// @param headers name and value in turn, beyond Content-Type and warnings
/// @param annotations what the audit log is told of the request
public record ApiResponse(
    int code, String contentType, List<Buffer> pieces, List<String> warnings, List<String> headers, List<AuditAnnotation> annotations) {
  public ApiResponse {
    pieces = List.copyOf(pieces);
    warnings = List.copyOf(warnings);
    headers = List.copyOf(headers);
    annotations = List.copyOf(annotations);
  }

  /// An answer of which the audit log is told nothing more.
  public ApiResponse(int code, String contentType, List<Buffer> pieces, List<String> warnings, List<String> headers) {
    this(code, contentType, pieces, warnings, headers, List.of());
  }

  public ApiResponse withAnnotations(List<AuditAnnotation> told) {
    return told.isEmpty() ? this : new ApiResponse(code, contentType, pieces, warnings, headers, told);
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
