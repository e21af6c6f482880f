package io.thyra.groups.core;

import io.thyra.storage.Storage;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

/// An allocation map in the store, where every server on it, the real one too, compares and sets it: no number is given twice.
/// Where there is none yet, or it is of another range, it begins with what objects say is taken. Direct style.
/// Source: pkg/registry/core/service/allocator/storage/storage.go.
public final class StoredAllocationMap implements AllocationMap {
  private final Storage storage;
  private final String key;
  private final String range;
  private final Supplier<BitSet> begin;
  private final AtomicReference<Future<Void>> last = new AtomicReference<>(Future.succeededFuture());

  /// @param key `/registry/ranges/servicenodeports`
  /// @param range as the flag has it
  /// @param begin what is taken where no map says it
  public StoredAllocationMap(Storage storage, String key, String range, Supplier<BitSet> begin) {
    this.storage = storage;
    this.key = key;
    this.range = range;
    this.begin = begin;
  }

  @Override
  public <T> T change(Function<BitSet, T> change) {
    // One at a time here: servers meet each other in the store, the requests of one server need not. No lock is held while
    // waiting: on a virtual-thread context who waits for a lock keeps everybody else from running, its owner too.
    Promise<Void> mine = Promise.promise();
    last.getAndSet(mine.future()).await();
    try {
      return changeNow(change);
    } finally {
      mine.complete();
    }
  }

  private <T> T changeNow(Function<BitSet, T> change) {
    Optional<Stored> current = storage.get(key).await();
    while (true) {
      Optional<BitSet> known =
          current
              .map(stored -> RangeAllocation.decode(stored.value().getBytes()))
              .filter(map -> map.range().equals(range))
              .map(RangeAllocation::taken);
      BitSet taken = known.orElseGet(begin);
      var before = (BitSet) taken.clone();
      T result = change.apply(taken);
      if (known.isPresent() && taken.equals(before)) {
        return result;
      }
      long expected = current.map(Stored::modRevision).orElse(0L);
      Buffer value = Buffer.buffer(new RangeAllocation(range, taken).encode());
      switch (storage.put(key, expected, value, Duration.ZERO).await()) {
        case WriteResult.Written _ -> {
          return result;
        }
        case WriteResult.Mismatch(Optional<Stored> newer) -> current = newer;
      }
    }
  }
}
