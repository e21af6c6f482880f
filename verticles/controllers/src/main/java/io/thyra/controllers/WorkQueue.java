package io.thyra.controllers;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Keys to be worked on. A key stands in the queue once, however often it is added; one that is added while it is worked on
/// comes again afterwards. Failures come back after a pause that doubles. Bounded by the number of keys there are.
/// Source of the behaviour: client-go util/workqueue.
final class WorkQueue {
  private static final Duration RETRY_MIN = Duration.ofMillis(5);
  private static final Duration RETRY_MAX = Duration.ofSeconds(60);

  private record Delayed(String key, long atNanos) {}

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<String> ready = new LinkedHashSet<>();
  private final Set<String> working = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));

  /// @param nanos a clock that only goes forward
  WorkQueue(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void add(String key) {
    lock.lock();
    try {
      if (working.contains(key)) {
        again.add(key);
      } else if (ready.add(key)) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void addAfter(String key, Duration pause) {
    lock.lock();
    try {
      delayed.add(new Delayed(key, nanos.getAsLong() + pause.toNanos()));
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a key, which is then the caller's until [#succeeded] or [#failed].
  String take() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = nanos.getAsLong();
        while (!delayed.isEmpty() && delayed.peek().atNanos() <= now) {
          String due = delayed.poll().key();
          if (working.contains(due)) {
            again.add(due);
          } else {
            ready.add(due);
          }
        }
        if (!ready.isEmpty()) {
          String key = ready.iterator().next();
          ready.remove(key);
          working.add(key);
          return key;
        }
        if (delayed.isEmpty()) {
          changed.await();
        } else {
          changed.awaitNanos(delayed.peek().atNanos() - now);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void succeeded(String key) {
    lock.lock();
    try {
      failures.remove(key);
      finish(key);
    } finally {
      lock.unlock();
    }
  }

  void failed(String key) {
    lock.lock();
    try {
      int count = failures.merge(key, 1, Integer::sum);
      long pause = Math.min(RETRY_MIN.toNanos() << Math.min(count - 1, 20), RETRY_MAX.toNanos());
      delayed.add(new Delayed(key, nanos.getAsLong() + pause));
      finish(key);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void finish(String key) {
    working.remove(key);
    if (again.remove(key) && ready.add(key)) {
      changed.signal();
    }
  }
}
