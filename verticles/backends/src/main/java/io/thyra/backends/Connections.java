package io.thyra.backends;

import io.thyra.backends.ServiceResolver.Address;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.NetSocket;

/// How requests get to servers that all trust and identify alike. Safe for all threads.
public interface Connections {
  /// Opens a request; nothing is sent yet.
  Future<HttpClientRequest> request(Address address, HttpMethod method, String target, MultiMap headers);

  /// Opens a bare connection, for what becomes another protocol.
  Future<NetSocket> connect(Address address);

  /// Whether no answer came over a connection yet.
  boolean isFresh(HttpConnection connection);

  /// An answer came over a connection.
  void served(HttpConnection connection);
}
