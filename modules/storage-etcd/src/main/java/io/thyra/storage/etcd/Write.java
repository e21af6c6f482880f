package io.thyra.storage.etcd;

import io.vertx.core.buffer.Buffer;

/// A compare-and-set write of one key.
sealed interface Write {
  /// The key as etcd has it.
  Buffer key();

  /// The modRevision that the key must have; 0 when it must not be there.
  long expectedRevision();

  record Put(Buffer key, long expectedRevision, Buffer value) implements Write {}

  record Delete(Buffer key, long expectedRevision) implements Write {}

  /// The transaction that does it.
  default Buffer transaction(long lease) {
    return switch (this) {
      case Put put -> Protocol.put(put.key, put.expectedRevision, put.value, lease);
      case Delete delete -> Protocol.delete(delete.key, delete.expectedRevision);
    };
  }
}
