package io.thyra.wire;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/// A request that passed the filter chain: who asks for what, with a body that is whole and bounded.
///
/// @param method the HTTP method
/// @param rawQuery the query string as it was sent, without the question mark
/// @param accept the Accept header, empty when there was none
/// @param contentType the Content-Type header, empty when there was none
/// @param body empty where there was none
/// @param received when the request arrived
/// @param deadline when its time is up
/// @param conditions under which the client wants the answer at all
public record ApiRequest(
    RequestInfo info,
    String method,
    String rawQuery,
    String accept,
    String contentType,
    String userAgent,
    UserInfo user,
    Buffer body,
    String auditId,
    Instant received,
    Instant deadline,
    Conditions conditions) {
  /// Headers about the transfer of a document, each empty where there was none. Source: RFC 9110, sections 12 to 14.
  public record Conditions(String ifMatch, String ifNoneMatch, String ifModifiedSince, String range, String acceptEncoding) {
    public static final Conditions NONE = new Conditions("", "", "", "", "");
  }

  /// A request without conditions.
  public ApiRequest(
      RequestInfo info,
      String method,
      String rawQuery,
      String accept,
      String contentType,
      String userAgent,
      UserInfo user,
      Buffer body,
      String auditId,
      Instant received,
      Instant deadline) {
    this(info, method, rawQuery, accept, contentType, userAgent, user, body, auditId, received, deadline, Conditions.NONE);
  }
}
