package io.thyra.wire;

import io.thyra.model.Failure;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/// Who serves which API group version. One volatile reference to an immutable state behind it: what it says may change
/// from one request to the next (custom resources, APIServices) and is cheap to ask.
public interface Routes {
  /// Where the resources of a group version that is served in this process are handled; empty when none is.
  Optional<Endpoint<ApiRequest, ApiResponse>> findEndpoint(String group, String version);

  /// The proxy of a group version that an extension server serves, everything below `/apis/GROUP/VERSION` included.
  /// It wins over [#findEndpoint].
  Optional<Proxy> findProxy(String group, String version);

  /// The proxy of a document of OpenAPI 3 that an extension server lists, by the path below `/openapi/v3/`.
  default Optional<Proxy> findDocumentProxy(String path) {
    return Optional.empty();
  }

  /// Whether the path `/apis/GROUP` names a group that is known at all: below a known group an error is a Status, below
  /// an unknown one it is plain text.
  boolean knowsGroup(String group);

  /// Who serves a subresource over the raw connection: exec, attach, port-forward, log, and the proxies of nodes, pods and
  /// services. Empty for everything that is a request and an answer.
  default Optional<Streamed> findStreamed(RequestInfo info) {
    return Optional.empty();
  }

  /// Serves a request over its raw connection. Called on the request's event loop before its body was read, with the request
  /// paused and the headers set that every answer carries.
  interface Streamed {
    /// Whether there is such a method.
    boolean allows(String method);

    /// Whether paths go on behind the subresource.
    boolean takesPaths();

    void handle(HttpServerRequest request, RequestInfo info, UserInfo user, Outcome outcome);

    /// How a request ends that is not answered by what its server says. To be called on the request's event loop.
    interface Outcome {
      /// Refuses, as long as no answer began.
      void fail(Failure failure);

      /// A connection that was turned into another protocol ended; an answer tells its end itself.
      void done();
    }
  }

  /// Streams a request to an extension server and its answer back. Called on the request's event loop before its body
  /// was read, with the request paused.
  interface Proxy {
    void handle(HttpServerRequest request, UserInfo user, String auditId);

    /// The same.
    default void handle(HttpServerRequest request, UserInfo user, String auditId, Terms terms) {
      handle(request, user, auditId);
    }

    /// On what terms a request is passed on.
    ///
    /// @param limitMillis how long the beginning of the answer may take; 0 for no limit
    /// @param expired answers in the place of the extension server when that took too long
    /// @param done to be called when a connection that was turned into a tunnel ended; an answer tells its end itself
    record Terms(long limitMillis, Runnable expired, Runnable done) {
      public static final Terms NONE = new Terms(0, () -> {}, () -> {});
    }
  }
}
