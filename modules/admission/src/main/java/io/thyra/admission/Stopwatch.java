package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes.Operation;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// Times the turns of one plugin in one of the two rounds. Safe for all threads.
public final class Stopwatch {
  private final String plugin;
  private final boolean validating;
  private final AdmissionTimes times;
  // By operation, for those that passed and those that were rejected.
  private final AtomicReferenceArray<LongConsumer> known = new AtomicReferenceArray<>(2 * Operation.values().length);

  public Stopwatch(String plugin, boolean validating, AdmissionTimes times) {
    this.plugin = plugin;
    this.validating = validating;
    this.times = times;
  }

  /// Does the work; what it throws counts as a rejection.
  public <T> T time(Operation operation, Supplier<T> work) {
    long start = System.nanoTime();
    boolean passed = false;
    try {
      T result = work.get();
      passed = true;
      return result;
    } finally {
      told(operation, !passed).accept(System.nanoTime() - start);
    }
  }

  private LongConsumer told(Operation operation, boolean rejected) {
    int index = 2 * operation.ordinal() + (rejected ? 1 : 0);
    LongConsumer consumer = known.get(index);
    if (consumer == null) {
      consumer = times.of(plugin, operation, validating, rejected);
      known.set(index, consumer);
    }
    return consumer;
  }
}
