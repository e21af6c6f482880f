package io.thyra.storage.testkit;

import io.thyra.storage.Storage;
import java.time.Clock;

/// The model keeps the contract itself.
class ModelStorageTest extends StorageContract {
  @Override
  protected Storage open(Clock clock) {
    return new ModelStorage(clock);
  }

  @Override
  protected void clockMoved(Storage storage) {
    ((ModelStorage) storage).expire();
  }
}
