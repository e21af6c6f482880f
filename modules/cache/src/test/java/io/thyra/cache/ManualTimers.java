package io.thyra.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Timers that a test fires by hand, on its own thread.
final class ManualTimers implements Timers {
  final List<Duration> delays = new ArrayList<>();
  private final List<Runnable> tasks = new ArrayList<>();

  @Override
  public synchronized Runnable after(Duration delay, Runnable task) {
    delays.add(delay);
    tasks.add(task);
    return () -> cancel(task);
  }

  private synchronized void cancel(Runnable task) {
    tasks.remove(task);
  }

  synchronized int waiting() {
    return tasks.size();
  }

  void fire() {
    List<Runnable> due;
    synchronized (this) {
      due = List.copyOf(tasks);
      tasks.clear();
    }
    due.forEach(Runnable::run);
  }
}
