package io.thyra.audit;

/// A bucket of tokens: so many at once, so many a second. Used by one thread.
final class Pace {
  private static final double NANOS_A_SECOND = 1e9;

  private final AuditSettings.Throttle throttle;
  private double tokens;
  private long lastNanos = System.nanoTime();

  Pace(AuditSettings.Throttle throttle) {
    this.throttle = throttle;
    this.tokens = throttle.burst();
  }

  /// Waits for a token and takes it.
  void await() throws InterruptedException {
    if (!throttle.enabled()) {
      return;
    }
    refill();
    if (tokens < 1) {
      Thread.sleep((long) Math.ceil((1 - tokens) / throttle.batchesASecond() * 1000));
      refill();
    }
    tokens -= 1;
  }

  private void refill() {
    long now = System.nanoTime();
    tokens = Math.min(throttle.burst(), tokens + (now - lastNanos) / NANOS_A_SECOND * throttle.batchesASecond());
    lastNanos = now;
  }
}
