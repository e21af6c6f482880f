package io.thyra.controllers;

import java.time.Duration;

/// Does one thing again and again, for as long as this server lives.
final class Renewal extends Loop {
  private final Runnable task;
  private final Duration period;

  Renewal(String name, Runnable task, Duration period) {
    super(name);
    this.task = task;
    this.period = period;
  }

  @Override
  void follow() {
    queue.addAfter(name(), period);
  }

  @Override
  void reconcile(String key) {
    task.run();
    queue.addAfter(key, period);
  }
}
