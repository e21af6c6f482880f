package io.thyra.flowcontrol;

import java.util.concurrent.atomic.LongAdder;

/// Counts the requests of one flow schema. Safe for all threads; two increments a request.
public final class Traffic {
  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  /// A request is being served from now on.
  public void begin() {
    begun.increment();
  }

  /// A request is no longer being served. Of a watch only the beginning counts.
  public void end() {
    ended.increment();
  }

  /// There was no room for a request.
  public void reject() {
    rejected.increment();
  }

  /// Requests that are being served or were.
  public long dispatched() {
    return begun.sum();
  }

  /// Requests that are being served.
  public long executing() {
    // What ended before it was counted to have begun ends later in this sum.
    long done = ended.sum();
    return Math.max(0, begun.sum() - done);
  }

  public long rejected() {
    return rejected.sum();
  }
}
