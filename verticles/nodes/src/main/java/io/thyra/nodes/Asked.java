package io.thyra.nodes;

import io.thyra.backends.ForwardedHeaders;
import io.thyra.backends.GoUrl;
import io.thyra.model.Query;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.wire.Routes.Streamed.Outcome;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/// A request that is to be passed on. What other threads than its event loop need of it was read before.
///
/// @param headers as the client sent them
/// @param path with its escapes undone, one byte in each char
/// @param rawQuery still encoded; empty for none
/// @param host what the client calls this server
/// @param client the address it comes from
record Asked(
    HttpServerRequest request,
    RequestInfo info,
    UserInfo user,
    Outcome outcome,
    MultiMap headers,
    String method,
    String path,
    String rawQuery,
    Query query,
    String host,
    String client) {
  static Asked of(HttpServerRequest request, RequestInfo info, UserInfo user, Outcome outcome) {
    String raw = request.query() == null ? "" : request.query();
    var remote = request.remoteAddress();
    return new Asked(
        request,
        info,
        user,
        outcome,
        HttpHeaders.headers().addAll(request.headers()),
        request.method().name(),
        GoUrl.decodedPath(request.uri()),
        raw,
        Query.ofRequest(raw),
        request.authority() == null ? "" : request.authority().toString(),
        remote == null || remote.hostAddress() == null ? "" : remote.hostAddress());
  }

  String header(String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }

  /// The headers that a server behind this one is sent.
  MultiMap forwarded() {
    MultiMap forwarded = ForwardedHeaders.ofClient(headers, "", client);
    if (!host.isEmpty()) {
      forwarded.set("Host", host);
    }
    return forwarded;
  }
}
