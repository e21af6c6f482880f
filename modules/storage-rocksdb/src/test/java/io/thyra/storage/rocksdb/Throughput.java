package io.thyra.storage.rocksdb;

import io.thyra.storage.ListRequest;
import io.thyra.storage.testkit.Await;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Measures the engine on this machine's disk: writes alone and 64 at a time, opening, listing. Prints one line each; CPU is
/// that of the whole process.
public final class Throughput {
  private final RocksStorage storage;
  private final byte[] value = new byte[1_300];
  private final Random random = new Random(1);

  private Throughput(RocksStorage storage) {
    this.storage = storage;
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) ("{\"apiVersion\":\"v1\"".charAt(i % 18) ^ (random.nextInt(4) == 0 ? 1 : 0));
    }
  }

  /// @param arguments a directory to use
  public static void main(String[] arguments) throws InterruptedException, IOException {
    Path directory = Files.createTempDirectory(Path.of(arguments[0]), "throughput");
    long start = System.nanoTime();
    RocksStorage storage = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
    System.out.printf("open empty, library unpacked: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    Throughput run = new Throughput(storage);
    run.puts("warm-up", 2_000, 64, 0);
    run.puts("creates, 64 at a time", 20_000, 64, 2_000);
    run.puts("creates, one at a time", 2_000, 1, 22_000);
    run.puts("creates, 64 at a time again", 20_000, 64, 24_000);
    for (int i = 0; i < 3; i++) {
      start = System.nanoTime();
      int size = Await.result(storage.list(ListRequest.all("/registry/pods/"))).items().size();
      System.out.printf("list of %d: %d ms%n", size, (System.nanoTime() - start) / 1_000_000);
    }
    Await.result(storage.close());
    for (int i = 0; i < 3; i++) {
      start = System.nanoTime();
      storage = RocksStorage.open(directory, RocksOptions.DEFAULT, Clock.systemUTC());
      System.out.printf("open with 44,000 objects: %d ms%n", (System.nanoTime() - start) / 1_000_000);
      System.out.printf("size: %d KB%n", Await.result(storage.sizeBytes()) / 1024);
      Await.result(storage.close());
    }
    Path small = Files.createTempDirectory(Path.of(arguments[0]), "throughput");
    storage = RocksStorage.open(small, RocksOptions.DEFAULT, Clock.systemUTC());
    new Throughput(storage).puts("into a new store", 10_000, 64, 0);
    Await.result(storage.close());
    start = System.nanoTime();
    storage = RocksStorage.open(small, RocksOptions.DEFAULT, Clock.systemUTC());
    System.out.printf("open with 10,000 objects in the log: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    Await.result(storage.close());
    start = System.nanoTime();
    storage = RocksStorage.open(small, RocksOptions.DEFAULT, Clock.systemUTC());
    System.out.printf("open with 10,000 objects in tables: %d ms%n", (System.nanoTime() - start) / 1_000_000);
    Await.result(storage.close());
  }

  private void puts(String name, int count, int concurrent, int from) throws InterruptedException {
    var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    CountDownLatch done = new CountDownLatch(count);
    AtomicInteger next = new AtomicInteger(from);
    for (int i = 0; i < concurrent; i++) {
      chain(next, from + count, done);
    }
    done.await();
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = (system.getProcessCpuTime() - cpu) / 1e3 / count;
    System.out.printf("%s: %.0f puts/s, %.0f us CPU each%n", name, count / seconds, cpuMicros);
  }

  private void chain(AtomicInteger next, int end, CountDownLatch done) {
    int number = next.getAndIncrement();
    if (number < end) {
      storage
          .put("/registry/pods/namespace-" + number % 100 + "/pod-" + number, 0, Buffer.buffer(value), Duration.ZERO)
          .onSuccess(
              _ -> {
                done.countDown();
                chain(next, end, done);
              });
    }
  }
}
