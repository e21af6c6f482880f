package io.thyra.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.wire.WatchStream;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OffLoopStreamTest {
  /// Gives what it has, and remembers who waits for more.
  private static final class Behind implements WatchStream {
    private final Queue<List<Buffer>> batches = new ConcurrentLinkedQueue<>();
    private volatile @Nullable RuntimeException trouble;
    private volatile @Nullable Runnable wake;
    private volatile boolean ended;
    private volatile boolean closed;
    private volatile boolean polledByOthers;

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public boolean text() {
      return true;
    }

    @Override
    public List<Buffer> poll(int bytesMax, boolean framed) {
      polledByOthers |= !Thread.currentThread().isVirtual();
      RuntimeException now = trouble;
      if (now != null) {
        throw now;
      }
      List<Buffer> next = batches.poll();
      return next == null ? List.of() : next;
    }

    @Override
    public void onReady(Runnable task) {
      wake = task;
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Behind behind = new Behind();
  private final OffLoopStream stream = new OffLoopStream(behind);

  /// What a connection reads until the stream ends, or has it wait for the stream behind.
  private List<String> drain() throws InterruptedException {
    var read = new ArrayList<String>();
    while (true) {
      List<Buffer> frames = stream.poll(100, true);
      frames.forEach(frame -> read.add(frame.toString()));
      if (!frames.isEmpty()) {
        continue;
      }
      if (stream.ended()) {
        return read;
      }
      var woken = new CountDownLatch(1);
      stream.onReady(woken::countDown);
      if (behind.wake != null) {
        return read;
      }
      assertThat(woken.await(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  @Test
  void makesFramesOffTheLoopInTheirOrder() throws InterruptedException {
    behind.batches.add(List.of(Buffer.buffer("a"), Buffer.buffer("b")));
    behind.batches.add(List.of(Buffer.buffer("c")));
    assertThat(drain()).containsExactly("a", "b", "c");
    assertThat(behind.polledByOthers).isFalse();
  }

  @Test
  void waitsForTheStreamBehindOnceThatHasNothing() throws InterruptedException {
    assertThat(drain()).isEmpty();
    behind.batches.add(List.of(Buffer.buffer("later")));
    behind.wake = null;
    assertThat(drain()).containsExactly("later");
  }

  @Test
  void endsWhenAnObjectCannotBeShown() throws InterruptedException {
    behind.trouble = new IllegalStateException("no conversion");
    assertThat(drain()).isEmpty();
    assertThat(stream.ended()).isTrue();
  }

  @Test
  void endsAndClosesWithTheStreamBehind() throws InterruptedException {
    behind.batches.add(List.of(Buffer.buffer("last")));
    behind.ended = true;
    assertThat(drain()).containsExactly("last");
    stream.close();
    assertThat(behind.closed).isTrue();
  }
}
