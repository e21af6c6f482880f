package io.thyra.aggregation;

import java.time.Duration;

/// A pause that doubles with each failure in a row. Owned by one thread.
final class Backoff {
  private final Duration min;
  private final Duration max;
  private int failures;

  Backoff(Duration min, Duration max) {
    this.min = min;
    this.max = max;
  }

  Duration failed() {
    Duration pause = min.multipliedBy(1L << Math.min(failures, 20));
    failures++;
    return pause.compareTo(max) > 0 ? max : pause;
  }

  void succeeded() {
    failures = 0;
  }
}
