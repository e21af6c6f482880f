package io.thyra.ingress;

import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A watch that a test feeds.
final class FakeWatch implements WatchStream {
  private final Queue<String> frames = new ArrayDeque<>();
  private @Nullable Runnable wake;
  private boolean ended;
  private boolean closed;
  private long polled;
  private final boolean text;

  FakeWatch(boolean text) {
    this.text = text;
  }

  void add(String frame) {
    wake(frame, false);
  }

  void finish() {
    wake("", true);
  }

  private void wake(String frame, boolean end) {
    Runnable now;
    synchronized (this) {
      if (!frame.isEmpty()) {
        frames.add(frame);
      }
      ended |= end;
      now = wake;
      wake = null;
    }
    if (now != null) {
      now.run();
    }
  }

  synchronized long polledBytes() {
    return polled;
  }

  synchronized boolean closed() {
    return closed;
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public boolean text() {
    return text;
  }

  @Override
  public synchronized List<Buffer> poll(int bytesMax, boolean framed) {
    List<Buffer> ready = new ArrayList<>();
    int bytes = 0;
    while (!frames.isEmpty() && (ready.isEmpty() || bytes < bytesMax)) {
      Buffer frame = Buffer.buffer(framed ? frames.remove() + "\n" : frames.remove());
      bytes += frame.length();
      ready.add(frame);
    }
    polled += bytes;
    return ready;
  }

  @Override
  public void onReady(Runnable ready) {
    synchronized (this) {
      if (frames.isEmpty() && !ended) {
        wake = ready;
        return;
      }
    }
    ready.run();
  }

  @Override
  public synchronized boolean ended() {
    return ended && frames.isEmpty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized void awaitClosed() throws InterruptedException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (!closed) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("the watch was never closed");
      }
      wait(left);
    }
  }
}
