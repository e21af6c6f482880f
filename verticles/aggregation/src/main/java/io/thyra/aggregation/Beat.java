package io.thyra.aggregation;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one thing again and again on a virtual thread of its own: at once, whenever it is poked, and when the pause is over
/// that the last time asked for. Pokes that come meanwhile count as one. Safe for all threads.
final class Beat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Beat.class);
  private static final Duration AFTER_BUG = Duration.ofSeconds(1);

  /// One time.
  interface Task {
    /// @return how long to wait for a poke before the next time
    Duration run() throws InterruptedException;
  }

  private final Task task;
  private final Semaphore pokes = new Semaphore(0);
  private final Thread thread;

  Beat(String name, Task task) {
    this.task = task;
    this.thread = Thread.ofVirtual().name("aggregation-" + name).unstarted(this::run);
  }

  Beat start() {
    thread.start();
    return this;
  }

  void poke() {
    pokes.release();
  }

  private void run() {
    try {
      while (!Thread.interrupted()) {
        pokes.drainPermits();
        Duration pause = once();
        boolean _ = pokes.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException _) {
      // Closed.
    }
  }

  private Duration once() throws InterruptedException {
    try {
      return task.run();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      LOG.atWarn().addKeyValue("loop", thread.getName()).setCause(e).log("will try again");
      return AFTER_BUG;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
