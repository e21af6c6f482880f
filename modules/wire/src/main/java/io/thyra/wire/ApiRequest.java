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
    Instant deadline) {}
