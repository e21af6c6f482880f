package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.rocksdb.Layout.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes. While one batch is on its way to the disk the next gathers in the queue, so that an fsync is
/// shared by as many writers as there are.
///
/// ```
///   queue -> check, assign revisions -> write and fsync -> revision visible -> watchers -> answers -> trim the history
/// ```
///
/// All fields that are not final are owned by the thread; others read the volatile ones.
final class Writer implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

  /// Revisions forgotten in one go, about five milliseconds of work; more than a batch adds.
  private static final int TRIM_MAX = 1_024;

  /// A watch that is further behind is caught up by a reader.
  private static final int JOIN_MAX = 256;

  private static final long JOIN_BYTES_MAX = 4L << 20;
  private static final Duration RECOVERY_PAUSE = Duration.ofSeconds(1);
  private static final Duration RESTRICT_PAUSE = Duration.ofSeconds(30);

  private final Engine engine;
  private final Path directory;
  private final RocksOptions options;
  private final Clock clock;
  private final Consumer<LiveWatch> catchUp;
  private final Runnable afterEnd;
  private final BlockingQueue<Command> queue;
  private final List<LiveWatch> watches = new ArrayList<>();

  private volatile long revision;
  private volatile long compacted;
  private volatile boolean closing;
  private volatile boolean ended;
  private volatile @Nullable StorageException failure;

  private long nextRevision;
  private long historyBytes;
  private long trimmed;
  private long trimmedBytes;
  private long nextDeadline;
  private long recoveryTriedNanos;
  private long restrictedNanos = System.nanoTime();

  /// @param catchUp brings a watch nearer on another thread, then lets it join again
  /// @param afterEnd runs on the writer's thread when it has done everything
  Writer(Engine engine, Path directory, RocksOptions options, Clock clock, Consumer<LiveWatch> catchUp, Runnable afterEnd) {
    this.engine = engine;
    this.directory = directory;
    this.options = options;
    this.clock = clock;
    this.catchUp = catchUp;
    this.afterEnd = afterEnd;
    this.queue = new ArrayBlockingQueue<>(options.queueMax());
    engine.read(
        view -> {
          revision = view.revision();
          compacted = view.compacted();
          nextRevision = revision + 1;
          Optional<Change> first = view.firstChange(0);
          trimmed = first.map(change -> change.revision() - 1).orElse(revision);
          trimmedBytes = first.map(Change::historyBytes).orElse(0L);
          historyBytes = view.firstChange(revision).map(Change::historyBytes).orElse(0L);
          nextDeadline = view.due(Long.MIN_VALUE, 1).next();
          return revision;
        });
  }

  long revision() {
    return revision;
  }

  long compacted() {
    return compacted;
  }

  boolean isClosing() {
    return closing;
  }

  Optional<StorageException> failure() {
    return Optional.ofNullable(failure);
  }

  /// Puts a command into the queue.
  ///
  /// @return why it was not taken
  Optional<StorageException> submit(Command command) {
    if (closing) {
      return Optional.of(new StorageException.Closed());
    }
    if (!queue.offer(command)) {
      return Optional.of(new StorageException.Failed("more than " + options.queueMax() + " writes wait for the disk", null));
    }
    // The thread may have ended between the two; then either it still took the command out, or this does.
    return ended && queue.remove(command) ? Optional.of(new StorageException.Closed()) : Optional.empty();
  }

  void close() {
    closing = true;
    // A full queue wakes the thread as well.
    queue.offer(new Command.Wake());
  }

  @Override
  public void run() {
    List<Command> batch = new ArrayList<>();
    boolean busy = false;
    while (!closing || !queue.isEmpty()) {
      batch.clear();
      try {
        take(batch, busy);
        busy = step(batch);
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).log("the store's writer failed and goes on");
        StorageException cause = new StorageException.Failed("the store's writer failed: " + e, e);
        batch.forEach(command -> refuse(command, cause));
      }
    }
    end();
  }

  /// Waits for a command and takes those behind it, within the bounds of a batch.
  private void take(List<Command> batch, boolean busy) {
    Command command;
    try {
      command = busy ? queue.poll() : queue.poll(options.idleCheck().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      // Nobody but this class may end the thread.
      return;
    }
    long bytes = 0;
    while (command != null) {
      batch.add(command);
      bytes += command instanceof Command.Put put ? put.value().length() : 0;
      command = batch.size() < options.batchMax() && bytes < options.batchBytesMax() ? queue.poll() : null;
    }
  }

  /// One round.
  ///
  /// @return whether there is more to do at once
  private boolean step(List<Command> batch) {
    if (failure != null) {
      recover();
    }
    boolean expiredAll = expire();
    List<Command.Write> writes = new ArrayList<>();
    for (Command command : batch) {
      if (command instanceof Command.Write write) {
        writes.add(write);
        continue;
      }
      write(writes);
      writes.clear();
      switch (command) {
        case Command.Compact compact -> compact(compact);
        case Command.Join join -> join(join.watch());
        case Command.Wake _, Command.Put _, Command.Delete _ -> {}
      }
    }
    write(writes);
    boolean trimmedAll = trim();
    restrictFiles();
    return !expiredAll || !trimmedAll;
  }

  private void write(List<Command.Write> writes) {
    if (writes.isEmpty()) {
      return;
    }
    StorageException broken = failure;
    if (broken != null) {
      writes.forEach(write -> write.reply().fail(broken));
      return;
    }
    long now = clock.millis();
    transact(transaction -> writes.forEach(write -> transaction.apply(write, now)));
  }

  /// Fills a transaction, makes it durable, and shows it.
  ///
  /// @return whether it is durable
  private boolean transact(Consumer<Transaction> fill) {
    return engine.read(
        view -> {
          try (Transaction transaction = new Transaction(view, nextRevision, historyBytes)) {
            fill.accept(transaction);
            try {
              transaction.commit(engine);
            } catch (RocksDBException e) {
              // The revisions are not used again: the log on disk may have them after all.
              nextRevision = transaction.nextRevision();
              transaction.fail(fail(e));
              return false;
            }
            nextRevision = transaction.nextRevision();
            historyBytes = transaction.historyBytes();
            nextDeadline = Math.min(nextDeadline, transaction.firstDeadline());
            publish(transaction.events());
            transaction.answer();
            return true;
          }
        });
  }

  private void publish(List<StorageEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    revision = events.getLast().revision();
    watches.removeIf(LiveWatch::isClosed);
    for (LiveWatch watch : watches) {
      watch.publish(events, revision);
    }
  }

  /// Deletes what outlived its time.
  ///
  /// @return whether nothing due is left
  private boolean expire() {
    long now = clock.millis();
    if (now < nextDeadline || failure != null) {
      return true;
    }
    View.Due due = engine.read(view -> view.due(now, options.batchMax()));
    long before = nextDeadline;
    nextDeadline = due.next();
    if (!due.expiries().isEmpty() && !transact(transaction -> due.expiries().forEach(transaction::expire))) {
      nextDeadline = before;
      return true;
    }
    return nextDeadline > now;
  }

  private void compact(Command.Compact compact) {
    if (compact.revision() > revision) {
      compact.reply().fail(new StorageException.FutureRevision(compact.revision(), revision));
      return;
    }
    if (compact.revision() > compacted) {
      StorageException broken = failure;
      if (broken != null) {
        compact.reply().fail(broken);
        return;
      }
      try (WriteBatch batch = new WriteBatch()) {
        batch.put(Layout.META_COMPACTED, Layout.number(compact.revision()));
        engine.write(batch, true);
        compacted = compact.revision();
      } catch (RocksDBException e) {
        compact.reply().fail(fail(e));
        return;
      }
    }
    compact.reply().complete(null);
  }

  /// Forgets the oldest history beyond the bounds, some at a time. Not synced: to remember it again after a crash is harmless.
  ///
  /// @return whether the history is within its bounds
  private boolean trim() {
    if (failure != null || !exceeds(options.historyRevisions() / 16, options.historyBytes() / 16)) {
      return true;
    }
    return engine.read(
        view -> {
          try (WriteBatch batch = new WriteBatch()) {
            List<Change> forgotten = new ArrayList<>();
            view.log(
                trimmed + 1,
                change -> {
                  if (forgotten.size() == TRIM_MAX || !isBeyond(change)) {
                    return false;
                  }
                  forgotten.add(change);
                  return true;
                });
            for (Change change : forgotten) {
              batch.delete(Layout.logKey(change.revision()));
              if (change.kind() != Layout.Kind.CREATE) {
                batch.delete(Layout.versionKey(change.key(), change.revision()));
              }
            }
            long last = forgotten.isEmpty() ? Math.max(trimmed, compacted) : forgotten.getLast().revision();
            if (last > compacted) {
              batch.put(Layout.META_COMPACTED, Layout.number(last));
            }
            if (batch.count() > 0) {
              engine.write(batch, false);
            }
            compacted = Math.max(compacted, last);
            trimmed = last;
            trimmedBytes = forgotten.isEmpty() ? trimmedBytes : forgotten.getLast().historyBytes();
            return forgotten.size() < TRIM_MAX;
          } catch (RocksDBException e) {
            fail(e);
            return true;
          }
        });
  }

  /// With some slack, so that the work is done in worthwhile portions.
  private boolean exceeds(long slackRevisions, long slackBytes) {
    return trimmed < compacted
        || revision - trimmed > options.historyRevisions() + slackRevisions
        || historyBytes - trimmedBytes > options.historyBytes() + slackBytes;
  }

  private boolean isBeyond(Change change) {
    return change.revision() <= compacted
        || revision - change.revision() >= options.historyRevisions()
        || historyBytes - change.historyBytes() > options.historyBytes();
  }

  private void join(LiveWatch watch) {
    if (watch.isClosed()) {
      return;
    }
    try {
      if (watch.position() < revision) {
        View.Changes missed =
            engine.read(view -> view.changes(watch.prefix(), watch.position(), JOIN_MAX, JOIN_BYTES_MAX));
        boolean all = missed.through() >= revision;
        watch.give(missed.events(), missed.through(), all);
        if (!all) {
          catchUp.accept(watch);
          return;
        }
      } else {
        watch.give(List.of(), revision, true);
      }
      watches.add(watch);
    } catch (StorageException e) {
      watch.end(e);
    }
  }

  // When the disk fails.

  private StorageException fail(RocksDBException cause) {
    StorageException.Failed failed = new StorageException.Failed("the store cannot be written: " + cause.getMessage(), cause);
    if (failure == null) {
      LOG.atError().addKeyValue("directory", directory).setCause(cause).log("the store cannot be written; reads go on");
    }
    failure = failed;
    recoveryTriedNanos = System.nanoTime();
    return failed;
  }

  /// Tries whether the disk can be written again, not too often. RocksDB refuses all writes once its log failed, so it is
  /// opened anew; what it then turns out to have kept after all is shown to the watchers.
  private void recover() {
    if (System.nanoTime() - recoveryTriedNanos < RECOVERY_PAUSE.toNanos()) {
      return;
    }
    recoveryTriedNanos = System.nanoTime();
    if (!engine.hasSpace()) {
      return;
    }
    try {
      engine.reopen();
      publishKept();
      failure = null;
      LOG.atInfo().addKeyValue("directory", directory).addKeyValue("revision", revision).log("the store can be written again");
    } catch (StorageException e) {
      LOG.atWarn().addKeyValue("directory", directory).setCause(e).log("the store still cannot be written");
    }
  }

  private void publishKept() {
    while (true) {
      View.Changes kept = engine.read(view -> view.changes("", revision, options.batchMax(), options.batchBytesMax()));
      publish(kept.events());
      nextRevision = Math.max(nextRevision, revision + 1);
      if (kept.events().isEmpty()) {
        return;
      }
    }
  }

  private void restrictFiles() {
    if (System.nanoTime() - restrictedNanos < RESTRICT_PAUSE.toNanos()) {
      return;
    }
    restrictedNanos = System.nanoTime();
    try {
      PrivateFiles.restrict(directory);
    } catch (IOException e) {
      LOG.atWarn().addKeyValue("directory", directory).setCause(e).log("the store's files cannot be kept private");
    }
  }

  // The end.

  private void end() {
    ended = true;
    StorageException closed = new StorageException.Closed();
    for (Command left = queue.poll(); left != null; left = queue.poll()) {
      refuse(left, closed);
    }
    watches.forEach(watch -> watch.end(closed));
    watches.clear();
    afterEnd.run();
  }

  private static void refuse(Command command, StorageException cause) {
    switch (command) {
      case Command.Write write -> write.reply().fail(cause);
      case Command.Compact compact -> compact.reply().fail(cause);
      case Command.Join join -> join.watch().end(cause);
      case Command.Wake _ -> {}
    }
  }
}
