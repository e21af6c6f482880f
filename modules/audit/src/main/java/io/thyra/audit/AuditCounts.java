package io.thyra.audit;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/// What upstream counts of auditing. Safe for all threads. Source: apiserver pkg/audit/metrics.go.
public final class AuditCounts {
  private final LongAdder events = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder[] levels = new LongAdder[AuditLevel.values().length];
  private final LongAdder[] errors = new LongAdder[Part.values().length];

  /// Where an event was lost.
  enum Part {
    BUFFERED("buffered"),
    LOG("log"),
    TRUNCATE("truncate");

    private final String word;

    Part(String word) {
      this.word = word;
    }
  }

  public AuditCounts() {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = new LongAdder();
    }
    for (int i = 0; i < errors.length; i++) {
      errors[i] = new LongAdder();
    }
  }

  void decided(AuditLevel level) {
    levels[level.ordinal()].increment();
  }

  void event() {
    events.increment();
  }

  void lost(Part part) {
    errors[part.ordinal()].increment();
  }

  void rejected() {
    rejected.increment();
  }

  /// Events made.
  public long events() {
    return events.sum();
  }

  /// Requests that failed because their event was lost.
  public long rejections() {
    return rejected.sum();
  }

  /// Requests by the word of their level, those levels that came up.
  public void levels(BiConsumer<String, Long> each) {
    for (AuditLevel level : AuditLevel.values()) {
      long count = levels[level.ordinal()].sum();
      if (count > 0) {
        each.accept(level.word(), count);
      }
    }
  }

  /// Events that were lost, by upstream's word for where.
  public void losses(BiConsumer<String, Long> each) {
    for (Part part : Part.values()) {
      long count = errors[part.ordinal()].sum();
      if (count > 0) {
        each.accept(part.word, count);
      }
    }
  }
}
