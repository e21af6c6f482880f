package io.thyra.storage.rocksdb;

import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/// A process that writes until it is killed. Several chains of writes run at once, each over keys of its own; every answer
/// goes to standard output before the chain's next write, one line each:
///
/// ```
///   start <key> <text>                  a write is under way, text empty for a deletion
///   ok <key> <revision> <text>          it was acknowledged
///   no <key> <text>                     it was refused
/// ```
public final class KillTarget {
  private static final int CHAINS = 32;

  private final RocksStorage storage;
  private final PrintStream out;

  private KillTarget(RocksStorage storage, PrintStream out) {
    this.storage = storage;
    this.out = out;
  }

  /// @param arguments the store's directory and a seed
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    RocksOptions options = RocksOptions.DEFAULT.withHistory(500, 1 << 20).withMemory(1 << 20, 1 << 18);
    RocksStorage storage = RocksStorage.open(Path.of(arguments[0]), options, Clock.systemUTC());
    KillTarget target = new KillTarget(storage, out);
    long seed = Long.parseLong(arguments[1]);
    for (int chain = 0; chain < CHAINS; chain++) {
      target.next(chain, new Random(seed + chain), 0);
    }
    // The store's threads are daemons; only a signal ends this process.
    while (true) {
      LockSupport.park();
    }
  }

  private void next(int chain, Random random, int count) {
    String key = "/registry/configmaps/chain" + chain + "/" + random.nextInt(8);
    storage
        .get(key)
        .compose(current -> write(key, current, random, count))
        .onComplete(
            done -> {
              if (done.succeeded()) {
                next(chain, random, count + 1);
              } else {
                line("failed " + done.cause());
              }
            });
  }

  private Future<Void> write(String key, Optional<Stored> current, Random random, int count) {
    boolean deletes = current.isPresent() && random.nextInt(5) == 0;
    boolean refused = random.nextInt(6) == 0;
    String text = deletes ? "" : count + "-" + Long.toString(random.nextLong(), 36).repeat(1 + random.nextInt(60));
    long expected = current.map(Stored::modRevision).orElse(0L) + (refused ? 1_000_000_000L : 0);
    line("start " + key + " " + text);
    Future<WriteResult> write =
        deletes ? storage.delete(key, expected) : storage.put(key, expected, Buffer.buffer(text), Duration.ZERO);
    return write.map(
        result -> {
          switch (result) {
            case WriteResult.Written written -> line("ok " + key + " " + written.revision() + " " + text);
            case WriteResult.Mismatch _ -> line("no " + key + " " + text);
          }
          return null;
        });
  }

  private void line(String line) {
    synchronized (out) {
      out.println(line);
    }
  }
}
