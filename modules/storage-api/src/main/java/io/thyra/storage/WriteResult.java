package io.thyra.storage;

import java.util.Optional;

/// How a compare-and-set write ended.
public sealed interface WriteResult {
  /// The write took a revision and is durable.
  record Written(long revision) implements WriteResult {}

  /// The key was not in the expected state; nothing was written. `current` is what was there, empty for no such key.
  record Mismatch(Optional<Stored> current) implements WriteResult {}
}
