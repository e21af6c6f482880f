package io.thyra.cache;

import java.time.Duration;

/// Runs something later. The task must not block.
@FunctionalInterface
public interface Timers {
  /// Runs the task after the delay.
  ///
  /// @return what takes the task back; harmless once it ran
  Runnable after(Duration delay, Runnable task);
}
