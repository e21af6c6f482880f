package io.thyra.ingress;

import java.time.Duration;

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
}
