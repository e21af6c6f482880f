package io.thyra.storage.testkit;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.WatchListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps what a watch was given and lets a test wait for it. Also checks what no watch may do: go back, repeat, overlap
/// itself, or speak after its end.
public final class RecordingListener implements WatchListener {
  private final List<StorageEvent> events = new ArrayList<>();
  private long progress;
  private @Nullable StorageException end;
  private @Nullable String offence;
  private boolean inside;

  @Override
  public void onEvents(List<StorageEvent> batch) {
    enter();
    synchronized (this) {
      if (batch.isEmpty()) {
        offend("an empty batch");
      }
      for (StorageEvent event : batch) {
        if (!events.isEmpty() && event.revision() <= events.getLast().revision()) {
          offend("revision " + event.revision() + " after " + events.getLast().revision());
        }
        if (event.revision() <= progress) {
          offend("revision " + event.revision() + " after progress to " + progress);
        }
        events.add(event);
      }
    }
    leave();
  }

  @Override
  public void onProgress(long revision) {
    enter();
    synchronized (this) {
      if (revision < progress || !events.isEmpty() && revision < events.getLast().revision()) {
        offend("progress to " + revision + " goes back");
      }
      progress = revision;
    }
    leave();
  }

  @Override
  public void onEnd(StorageException cause) {
    enter();
    synchronized (this) {
      end = cause;
    }
    leave();
  }

  private synchronized void enter() {
    if (inside) {
      offend("two calls at a time");
    }
    if (end != null) {
      offend("a call after the end");
    }
    inside = true;
  }

  private synchronized void leave() {
    inside = false;
    notifyAll();
  }

  private void offend(String what) {
    offence = offence == null ? what : offence;
  }

  /// Waits until all changes up to a revision are there and returns the events so far.
  public List<StorageEvent> awaitRevision(long revision) {
    await(() -> progress >= revision || !events.isEmpty() && events.getLast().revision() >= revision);
    return events();
  }

  public void awaitProgress(long revision) {
    await(() -> progress >= revision);
  }

  public StorageException awaitEnd() {
    await(() -> end != null);
    return end().orElseThrow();
  }

  public synchronized List<StorageEvent> events() {
    if (offence != null) {
      throw new AssertionError("the watch gave " + offence + "; events " + events);
    }
    return List.copyOf(events);
  }

  public synchronized Optional<StorageException> end() {
    return Optional.ofNullable(end);
  }

  private synchronized void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Await.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("waited in vain; events " + events + ", progress " + progress + ", end " + end);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
