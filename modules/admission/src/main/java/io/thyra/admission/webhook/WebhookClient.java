package io.thyra.admission.webhook;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/// Sends reviews to webhooks. Safe for all threads; answers are bounded.
public interface WebhookClient {
  /// Where a webhook is: at a URL, or at a port of a Service.
  ///
  /// @param url empty for a Service
  /// @param caBundle certificates in PEM, as base64; empty for the authorities of the system
  record Endpoint(String url, Optional<Service> service, String caBundle) {}

  /// A port of a Service, and the path below it.
  record Service(String namespace, String name, int port, String path) {}

  /// An answer, whatever its code.
  record Answer(int code, String contentType, Buffer body) {}

  /// Why there is no answer, in the words of Go's HTTP client.
  final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    public Unanswered(String message) {
      super(message, null, false, false);
    }
  }

  /// A client for the endpoint cannot be made.
  final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unusable(String message) {
      super(message, null, false, false);
    }
  }

  /// Posts JSON.
  ///
  /// @param timeout how long the whole may take; the webhook is told, in whole seconds
  /// @return fails with [Unanswered] or [Unusable]
  Future<Answer> post(Endpoint endpoint, Buffer body, Duration timeout);
}
