package io.thyra.extensions;

import io.thyra.model.ObjectValue;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/// Sends ConversionReviews to the webhooks of definitions. Safe for all threads.
@FunctionalInterface
public interface ConversionClient {
  /// Reaches nobody.
  ConversionClient NONE = (_, _) -> Future.failedFuture("there is no way to webhooks");

  /// Posts JSON and reads the JSON that is answered.
  ///
  /// @param clientConfig the `clientConfig` of a definition's webhook
  /// @return fails with a message in the words of client-go
  Future<ObjectValue> post(ObjectValue clientConfig, Buffer body);
}
