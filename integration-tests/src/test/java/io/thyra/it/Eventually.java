package io.thyra.it;

import java.time.Duration;

/// Waits for what the server does in the background.
final class Eventually {
  /// Something that holds in the end; may throw anything while it does not.
  @FunctionalInterface
  interface Check {
    void run() throws Exception;
  }

  private Eventually() {}

  /// Tries until the check passes, for up to 30 s; then fails as the last try did.
  static void holds(Check check) {
    holds(Duration.ofSeconds(30), check);
  }

  static void holds(Duration limit, Check check) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        check.run();
        return;
      } catch (Exception | AssertionError e) {
        if (System.nanoTime() > end) {
          throw new AssertionError("did not hold within " + limit + ": " + e.getMessage(), e);
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }
}
