package io.thyra.watch;

import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A watch whose frames take waiting for others to make (a conversion webhook), which its connection must not do: they are
/// made one batch ahead on a virtual thread.
///
/// ```
///   Idle --poll--> Making --made--> Made --poll--> Idle
///   Idle, after a batch of nothing: whoever waits is told by the stream behind
/// ```
///
/// The stream behind is used by the connection's context while Idle, and by the virtual thread while Making. Guarded by
/// itself.
final class OffLoopStream implements WatchStream {
  private static final Logger LOG = LoggerFactory.getLogger(OffLoopStream.class);

  private final WatchStream behind;
  private @Nullable List<Buffer> made;
  private boolean making;
  private boolean caughtUp;
  private boolean failed;
  private boolean closed;
  private @Nullable Runnable wake;

  OffLoopStream(WatchStream behind) {
    this.behind = behind;
  }

  @Override
  public String contentType() {
    return behind.contentType();
  }

  @Override
  public boolean text() {
    return behind.text();
  }

  @Override
  public synchronized List<Buffer> poll(int bytesMax, boolean framed) {
    List<Buffer> ready = made;
    if (ready != null) {
      made = null;
      caughtUp = ready.isEmpty();
      return ready;
    }
    if (!making && !closed && !failed) {
      making = true;
      Thread.ofVirtual().name("watch-conversion").start(() -> make(bytesMax, framed));
    }
    return List.of();
  }

  private void make(int bytesMax, boolean framed) {
    List<Buffer> frames = List.of();
    boolean broken = false;
    try {
      frames = behind.poll(bytesMax, framed);
    } catch (RuntimeException e) {
      // As upstream's watch ends when an object cannot be converted.
      LOG.warn("a watch ends, since an object could not be shown", e);
      broken = true;
    }
    Runnable task;
    synchronized (this) {
      making = false;
      made = frames;
      failed = broken;
      task = wake;
      wake = null;
      if (closed) {
        behind.close();
      }
    }
    if (task != null) {
      task.run();
    }
  }

  @Override
  public void onReady(Runnable task) {
    synchronized (this) {
      if (making) {
        wake = task;
        return;
      }
      if (made == null && caughtUp && !failed && !closed) {
        caughtUp = false;
        behind.onReady(task);
        return;
      }
    }
    task.run();
  }

  @Override
  public synchronized boolean ended() {
    return made == null && !making && (failed || closed || behind.ended());
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (!making) {
      behind.close();
    }
  }
}
