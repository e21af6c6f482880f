package io.thyra.storage.etcd;

import java.time.Duration;

/// Is told of every request to etcd. Called on the engine's loop, which it must not block.
@FunctionalInterface
public interface RequestObserver {
  RequestObserver NONE = (_, _, _, _) -> {};

  /// @param operation as upstream's metrics name it: `get`, `list`, `create`, `update`, `delete`
  /// @param key the key or the prefix that was asked for
  void onRequest(String operation, String key, Duration duration, boolean failed);
}
