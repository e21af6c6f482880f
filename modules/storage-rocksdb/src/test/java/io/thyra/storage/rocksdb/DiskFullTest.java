package io.thyra.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Stored;
import io.thyra.storage.StorageException;
import io.thyra.storage.WriteResult;
import io.thyra.storage.testkit.Await;
import io.thyra.storage.testkit.RecordingListener;
import io.thyra.storage.testkit.TestClock;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that is full for a while. Needs a small file system of its own, so it runs only where this may mount one.
class DiskFullTest {
  private static final String PODS = "/registry/pods/";

  @TempDir Path mount;

  @BeforeEach
  void mountSmallDisk() {
    assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mount.toString()), "may not mount");
  }

  @AfterEach
  void unmount() {
    run("umount", mount.toString());
  }

  @Test
  void failsWritesKeepsReadingAndRecovers() throws IOException {
    RocksOptions options = RocksOptions.DEFAULT.withIdleCheck(Duration.ofMillis(5)).withMemory(1 << 20, 1 << 20);
    RocksStorage storage = RocksStorage.open(mount.resolve("store"), options, new TestClock());
    RecordingListener watching = new RecordingListener();
    storage.watch(PODS, 1, watching);
    Map<String, Long> acknowledged = new HashMap<>();
    byte[] value = new byte[60_000];
    new Random(1).nextBytes(value);
    acknowledged.put("first", revision(storage.put(PODS + "first", 0, Buffer.buffer(value), Duration.ZERO)));
    Path ballast = mount.resolve("ballast");
    fill(ballast);

    Throwable failure = null;
    for (int i = 0; i < 2_000 && failure == null; i++) {
      Future<WriteResult> write = storage.put(PODS + i, 0, Buffer.buffer(value), Duration.ZERO);
      Optional<Throwable> cause = Await.result(write.map(_ -> Optional.<Throwable>empty()).otherwise(Optional::of));
      failure = cause.orElse(null);
      if (failure == null) {
        acknowledged.put(Integer.toString(i), ((WriteResult.Written) write.result()).revision());
      }
    }
    assertThat(failure).isInstanceOf(StorageException.Failed.class);
    assertThat(storage.failure()).isPresent();
    assertThat(Await.result(storage.get(PODS + "first"))).map(Stored::value).contains(Buffer.buffer(value));
    assertThat(Await.result(storage.list(ListRequest.all(PODS))).items()).hasSizeGreaterThanOrEqualTo(acknowledged.size());

    Files.delete(ballast);
    long written = writeUntilItWorks(storage);
    assertThat(storage.failure()).isEmpty();
    watching.awaitRevision(written);
    for (Map.Entry<String, Long> each : acknowledged.entrySet()) {
      assertThat(Await.result(storage.get(PODS + each.getKey()))).map(Stored::modRevision).contains(each.getValue());
    }
    Await.result(storage.close());
    RocksStorage again = RocksStorage.open(mount.resolve("store"), options, new TestClock());
    assertThat(again.revision()).isEqualTo(written);
    assertThat(Await.result(again.list(ListRequest.all(PODS))).items())
        .extracting(Stored::modRevision)
        .containsExactlyInAnyOrderElementsOf(
            watching.events().stream().map(event -> event.revision()).toList());
    Await.result(again.close());
  }

  /// Writes a new key until one is accepted; the store itself finds out when the disk has room.
  private static long writeUntilItWorks(RocksStorage storage) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    attempt(storage, done, System.nanoTime() + Await.PATIENCE.toNanos());
    return done.join();
  }

  private static void attempt(RocksStorage storage, CompletableFuture<Long> done, long deadline) {
    storage
        .put(PODS + "after", 0, Buffer.buffer("1"), Duration.ZERO)
        .onSuccess(result -> done.complete(((WriteResult.Written) result).revision()))
        .onFailure(
            cause -> {
              if (System.nanoTime() > deadline) {
                done.completeExceptionally(cause);
              } else {
                CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                    .execute(() -> attempt(storage, done, deadline));
              }
            });
  }

  private static long revision(Future<WriteResult> write) {
    return ((WriteResult.Written) Await.result(write)).revision();
  }

  private static void fill(Path ballast) throws IOException {
    try (var out = Files.newOutputStream(ballast)) {
      byte[] block = new byte[1 << 16];
      while (true) {
        out.write(block);
      }
    } catch (IOException _) {
      assertThat(Files.size(ballast)).isPositive();
    }
  }

  private static boolean run(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException | InterruptedException _) {
      return false;
    }
  }
}
