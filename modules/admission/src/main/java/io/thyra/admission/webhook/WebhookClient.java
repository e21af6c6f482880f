package io.thyra.admission.webhook;

import io.thyra.model.ObjectValue;
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
  record Endpoint(String url, Optional<Service> service, String caBundle) {
    private static final int DEFAULT_PORT = 443;

    /// What the `clientConfig` of a webhook says.
    public static Endpoint of(ObjectValue client) {
      Optional<Service> service = Optional.empty();
      if (client.get("service") instanceof ObjectValue told) {
        int port = (int) told.integer(DEFAULT_PORT, "port");
        service = Optional.of(new Service(told.string("namespace"), told.string("name"), port, told.string("path")));
      }
      return new Endpoint(client.string("url"), service, client.string("caBundle"));
    }
  }

  /// A port of a Service, and the path below it.
  record Service(String namespace, String name, int port, String path) {}

  /// Why there is no answer, or none that could be read, in the words of client-go.
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

  /// Posts JSON and reads the JSON that is answered.
  ///
  /// @param timeout how long the whole may take; the webhook is told, in whole seconds
  /// @return fails with [Unanswered] or [Unusable]
  Future<ObjectValue> post(Endpoint endpoint, Buffer body, Duration timeout);
}
