package io.thyra.ingress;

import io.thyra.model.Authorizer;
import io.thyra.model.GroupVersionResource;
import java.time.Duration;
import java.util.function.IntConsumer;

/// What is counted of requests. Called on event loops.
public interface RequestMetrics {
  /// Counts nothing.
  RequestMetrics NONE =
      new RequestMetrics() {
        @Override
        public void answered(Labels labels, int code, Duration took, long responseBytes) {}

        @Override
        public void terminated(Labels labels, int code) {}

        @Override
        public void longRunning(Labels labels, int change) {}

        @Override
        public void inFlight(int reads, int writes) {}
      };

  /// What is told of every request, in upstream's words.
  ///
  /// @param verb such as GET, LIST, WATCH, POST, PUT, PATCH, APPLY, DELETE, DELETECOLLECTION, CONNECT, other
  /// @param scope resource, namespace, cluster, or empty for what is no resource
  /// @param dryRun empty, `All` or `invalid`
  record Labels(String verb, String group, String version, String resource, String subresource, String scope, String dryRun) {}

  void answered(Labels labels, int code, Duration took, long responseBytes);

  /// The server refused or cut a request in self-defence.
  void terminated(Labels labels, int code);

  /// One more (1) or one less (-1) long-running request is open.
  void longRunning(Labels labels, int change);

  /// How many requests are being served; told once a second.
  void inFlight(int reads, int writes);

  /// Somebody was authenticated. Like the next two on any thread.
  default void authenticated(String name, long nanos) {}

  /// Nobody was.
  ///
  /// @param refused whether a credential was found to be wrong
  default void unauthenticated(boolean refused, long nanos) {}

  default void authorized(Authorizer.Decision decision, long nanos) {}

  /// What counts the events of a watch by their size in bytes; asked once a watch.
  default IntConsumer watchEvents(GroupVersionResource resource) {
    return _ -> {};
  }

  /// A client and the server did not agree on a connection.
  default void handshakeFailed() {}
}
