package io.thyra.cache;

import io.thyra.storage.ListRequest;
import io.thyra.storage.Page;
import io.thyra.storage.Reply;
import io.thyra.storage.Storage;
import io.thyra.storage.StorageEvent;
import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.thyra.storage.Subscription;
import io.thyra.storage.WatchListener;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The objects of one resource in memory: what they are now, as an immutable [Snapshot] that anybody may take, and what
/// happened to them lately, which [Cursor]s read.
///
/// It lists the store's prefix once and follows the store's watch from there. When that watch fails it is taken up again where
/// it broke off; when the store has forgotten that place the cache lists anew, and all cursors expire.
///
/// ```
///   new --start--> listing --page--> following --failed--> waiting --timer--> following
///                    ^  |                |                    |
///                    |  +--failed--------|--> waiting --timer-+--> listing
///                    +-----compacted-----+            any --stop--> stopped
/// ```
///
/// A store that gives a write's event to its watchers before it answers the writer makes this cache show the write to
/// whoever has the answer.
///
/// Changes are applied by one thread at a time, under the cache's lock; readers take no lock.
public final class ResourceCache {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceCache.class);

  /// Old snapshots that are kept once somebody made one, for the further pages of a list.
  private static final int OLD_SNAPSHOTS_MAX = 8;

  private final Storage storage;
  private final String prefix;
  private final Extractor extractor;
  private final CacheOptions options;
  private boolean newborn;
  private final Clock clock;
  private final Timers timers;
  private final EncodingLedger ledger;
  private final History history;
  private final Wakes wakes = new Wakes();
  private final SelectorIndex index = new SelectorIndex();

  private volatile Snapshot snapshot;

  // Under the lock of this.
  private final Deque<Snapshot> oldSnapshots = new ArrayDeque<>();
  private final Map<Long, Future<Snapshot>> fetches = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Promise<Void> ready = Promise.promise();
  private @Nullable Subscription subscription;
  private Runnable cancelRetry = () -> {};
  private Duration backoff;
  private boolean started;
  private boolean stopped;
  private int generation;
  private @Nullable Future<Boolean> backfill;

  private volatile long objectBytes;

  /// @param prefix what the resource's keys begin with; ends in `/`
  /// @param clock says when an event was seen
  public ResourceCache(Storage storage, String prefix, Extractor extractor, CacheOptions options, Clock clock, Timers timers) {
    if (!prefix.endsWith("/")) {
      throw new IllegalArgumentException("the prefix " + prefix + " does not end in a slash");
    }
    this.storage = storage;
    this.prefix = prefix;
    this.extractor = extractor;
    this.options = options;
    this.clock = clock;
    this.timers = timers;
    this.backoff = options.backoffMin();
    this.ledger = new EncodingLedger(options.encodedBytesMax());
    this.history = new History(options);
    this.snapshot = new Snapshot(0, KeyTree.EMPTY, history.next(), index);
  }

  public String prefix() {
    return prefix;
  }

  /// Begins to follow the store. Starting twice is harmless. The first list is taken in on the caller's context, which should
  /// not be an event loop if the resource may have many objects; everything later runs on the store's threads.
  ///
  /// @return completes when the first snapshot is there, however long that takes; fails when the cache is stopped before
  public Future<Void> start() {
    synchronized (this) {
      if (started) {
        return ready();
      }
      started = true;
    }
    list();
    return ready();
  }

  /// Completes with the first snapshot.
  public Future<Void> ready() {
    Reply<Void> reply = new Reply<>();
    ready.future().onSuccess(_ -> reply.complete(null)).onFailure(reply::fail);
    return reply.future();
  }

  /// Ends following. Snapshots stay good; who waits is told that the store is closed.
  public void stop() {
    List<Runnable> tasks = new ArrayList<>();
    Subscription ended;
    synchronized (this) {
      if (stopped) {
        return;
      }
      stopped = true;
      generation++;
      cancelRetry.run();
      ended = subscription;
      subscription = null;
      waiting.forEach(each -> tasks.add(() -> each.fail(new StorageException.Closed())));
      waiting.clear();
      wakes.takeAll(tasks);
    }
    if (ended != null) {
      ended.close();
    }
    tasks.forEach(Runnable::run);
    ready.tryFail(new StorageException.Closed());
  }

  /// The newest snapshot; empty and of revision 0 before the cache is ready.
  public Snapshot snapshot() {
    return snapshot;
  }

  /// The revision up to which the cache has seen everything.
  public long revision() {
    return snapshot.revision();
  }

  /// The oldest revision that a cursor can be opened at without asking the store.
  public long oldestRevision() {
    return history.floor();
  }

  /// A snapshot that includes a revision, as soon as there is one.
  ///
  /// @param revision 0 for any, once the cache is ready
  /// @param deadline how long to wait; then the future fails with [StorageException.FutureRevision]
  public Future<Snapshot> snapshotAtLeast(long revision, Duration deadline) {
    if (hasReached(revision)) {
      return Future.succeededFuture(snapshot);
    }
    Waiting one = new Waiting(revision);
    synchronized (this) {
      if (stopped) {
        return Future.failedFuture(new StorageException.Closed());
      }
      if (hasReached(revision)) {
        return Future.succeededFuture(snapshot);
      }
      waiting.add(one);
    }
    one.cancelTimer = timers.after(deadline, () -> giveUp(one));
    return one.reply.future();
  }

  /// The objects as they were at a revision, if the history reaches back to it. Exact: it is the newest snapshot with the later
  /// changes taken back.
  public Optional<Snapshot> snapshotAt(long revision) {
    Snapshot newest = snapshot;
    if (!listed() || revision > newest.revision() || revision < history.floor()) {
      return Optional.empty();
    }
    if (revision == newest.revision()) {
      return Optional.of(newest);
    }
    Optional<Snapshot> kept = oldSnapshot(revision);
    if (kept.isPresent()) {
      return kept;
    }
    KeyTree tree = newest.tree();
    long sequence = newest.nextSequence;
    while (true) {
      CacheEvent event = history.find(sequence - 1);
      if (event == null) {
        // Either nothing is before, or it was forgotten just now; the floor tells which.
        if (revision < history.floor()) {
          return Optional.empty();
        }
        break;
      }
      if (event.revision() <= revision) {
        break;
      }
      sequence--;
      Optional<CachedObject> previous = event.previous();
      tree = previous.isPresent() ? tree.with(previous.get()) : tree.without(event.key());
    }
    Snapshot old = new Snapshot(revision, tree, sequence, index);
    keep(old);
    return Optional.of(old);
  }

  private Optional<Snapshot> oldSnapshot(long revision) {
    synchronized (oldSnapshots) {
      return oldSnapshots.stream().filter(old -> old.revision() == revision).findFirst();
    }
  }

  private void keep(Snapshot old) {
    synchronized (oldSnapshots) {
      oldSnapshots.addFirst(old);
      if (oldSnapshots.size() > OLD_SNAPSHOTS_MAX) {
        oldSnapshots.removeLast();
      }
    }
  }

  /// Like [#snapshotAt], of revisions too that only the store still knows: those from before the cache was there, or that
  /// others wrote while its history went on. Everything is asked for once, for the further pages of a list as well; what did not
  /// change since is shared with the newest snapshot. Who asks for the same revision meanwhile waits for the same answer.
  ///
  /// @return fails with [StorageException.Compacted] when the store has forgotten the revision
  public Future<Snapshot> fetchSnapshotAt(long revision) {
    Optional<Snapshot> known = snapshotAt(revision);
    if (known.isPresent()) {
      return Future.succeededFuture(known.get());
    }
    if (revision < 1 || revision < storage.compactedRevision()) {
      return Future.failedFuture(new StorageException.Compacted(revision, history.floor()));
    }
    Reply<Snapshot> reply = new Reply<>();
    Promise<Snapshot> mine = Promise.promise();
    Future<Snapshot> fetching;
    synchronized (oldSnapshots) {
      Optional<Snapshot> kept = oldSnapshot(revision);
      if (kept.isPresent()) {
        return Future.succeededFuture(kept.get());
      }
      fetching = fetches.computeIfAbsent(revision, _ -> mine.future());
    }
    fetching.onSuccess(reply::complete).onFailure(reply::fail);
    if (fetching == mine.future()) {
      storage
          .list(new ListRequest(prefix, prefix, 0, revision, false))
          .map(this::asItWas)
          .onComplete(
              page -> {
                synchronized (oldSnapshots) {
                  fetches.remove(revision);
                  if (page.succeeded()) {
                    keep(page.result());
                  }
                }
                mine.handle(page);
              });
    }
    return reply.future();
  }

  private Snapshot asItWas(Page page) {
    KeyTree now = snapshot.tree();
    List<CachedObject> objects = new ArrayList<>(page.items().size());
    for (Stored stored : page.items()) {
      CachedObject present = now.find(stored.key());
      objects.add(present != null && present.modRevision() == stored.modRevision() ? present : object(stored));
    }
    return new Snapshot(page.revision(), KeyTree.of(objects), history.firstAfter(page.revision()), index);
  }

  /// Says, before it starts, that the resource is new: nobody can have seen a state of it from before the cache, and whoever asks for
  /// what changed since must list, as with upstream, whose caches all begin so.
  public ResourceCache ofNewResource() {
    newborn = true;
    return this;
  }

  /// A cursor that will give every change of a scope after a revision. Waits until the cache is ready. A revision older than
  /// the history is fetched from the store's own history, if it is there and fits.
  ///
  /// @param scope the cache's prefix, a longer one that ends in `/`, or one key
  /// @return fails with [StorageException.Compacted] when the history does not reach back to the revision
  public Future<Cursor> open(String scope, long afterRevision) {
    if (!scope.startsWith(prefix)) {
      throw new IllegalArgumentException("the scope " + scope + " is outside of " + prefix);
    }
    if (!listed()) {
      return ready().compose(_ -> open(scope, afterRevision));
    }
    Optional<Cursor> cursor = openNow(scope, afterRevision);
    if (cursor.isPresent()) {
      return Future.succeededFuture(cursor.get());
    }
    if (newborn || afterRevision < storage.compactedRevision()) {
      return Future.failedFuture(new StorageException.Compacted(afterRevision, history.floor()));
    }
    Reply<Cursor> reply = new Reply<>();
    extendBack(afterRevision)
        .onComplete(
            _ ->
                openNow(scope, afterRevision)
                    .ifPresentOrElse(
                        reply::complete,
                        () -> reply.fail(new StorageException.Compacted(afterRevision, history.floor()))));
    return reply.future();
  }

  /// Like [#open], of what is in memory alone; empty when the history does not reach back to the revision or the cache is not
  /// ready.
  public Optional<Cursor> openNow(String scope, long afterRevision) {
    if (!listed()) {
      return Optional.empty();
    }
    long sequence = history.firstAfter(afterRevision);
    return afterRevision < history.floor() ? Optional.empty() : Optional.of(new Cursor(this, scope, sequence, afterRevision));
  }

  /// Bytes on the heap that the cache holds: objects, history, encodings. An estimate.
  public long approxBytes() {
    return objectBytes + history.bytes() + ledger.bytes();
  }

  /// Events in the history.
  public int historySize() {
    return history.size();
  }

  History history() {
    return history;
  }

  Wakes wakes() {
    return wakes;
  }

  private boolean listed() {
    return snapshot.revision() > 0;
  }

  private boolean hasReached(long revision) {
    return listed() && snapshot.revision() >= revision;
  }

  // Following the store.

  private void list() {
    int mine;
    synchronized (this) {
      if (stopped) {
        return;
      }
      mine = ++generation;
    }
    storage
        .list(ListRequest.all(prefix))
        .onComplete(
            page -> {
              if (page.succeeded()) {
                begin(mine, page.result());
              } else {
                retry(mine, page.cause(), this::list);
              }
            });
  }

  private void begin(int mine, Page page) {
    List<CachedObject> objects = new ArrayList<>(page.items().size());
    long bytes = 0;
    for (Stored stored : page.items()) {
      CachedObject object = object(stored);
      objects.add(object);
      bytes += object.weight();
    }
    List<Runnable> tasks = new ArrayList<>();
    synchronized (this) {
      if (mine != generation || stopped) {
        return;
      }
      Snapshot before = snapshot;
      history.reset(page.revision());
      before.tree().from(_ -> false).forEachRemaining(CachedObject::retire);
      synchronized (oldSnapshots) {
        oldSnapshots.clear();
      }
      objectBytes = bytes;
      KeyTree tree = KeyTree.of(objects);
      index.reset(tree);
      publish(new Snapshot(page.revision(), tree, history.next(), index), tasks);
      wakes.takeAll(tasks);
    }
    tasks.forEach(Runnable::run);
    // Followed first: who was told that the cache is ready finds every write in it that is answered from then on.
    follow(mine);
    ready.tryComplete();
  }

  /// Watches from the newest revision on.
  private void follow(int mine) {
    Subscription begun = storage.watch(prefix, revision(), new Following(mine));
    synchronized (this) {
      if (mine == generation && !stopped) {
        subscription = begun;
        return;
      }
    }
    begun.close();
  }

  private void retry(int mine, Throwable cause, Runnable next) {
    Duration pause;
    synchronized (this) {
      if (mine != generation || stopped) {
        return;
      }
      if (cause instanceof StorageException.Closed) {
        pause = Duration.ZERO;
      } else {
        pause = backoff;
        Duration doubled = backoff.multipliedBy(2);
        backoff = doubled.compareTo(options.backoffMax()) > 0 ? options.backoffMax() : doubled;
        cancelRetry = timers.after(pause, next);
      }
    }
    if (cause instanceof StorageException.Closed) {
      stop();
    } else {
      LOG.atWarn()
          .addKeyValue("prefix", prefix)
          .addKeyValue("revision", revision())
          .addKeyValue("pause", pause)
          .setCause(cause)
          .log("the cache lost the store and will ask again");
    }
  }

  private void resume(int mine) {
    int next;
    synchronized (this) {
      if (mine != generation || stopped) {
        return;
      }
      next = ++generation;
    }
    follow(next);
  }

  private final class Following implements WatchListener {
    private final int mine;

    Following(int mine) {
      this.mine = mine;
    }

    @Override
    public void onEvents(List<StorageEvent> events) {
      apply(mine, events, events.getLast().revision());
    }

    @Override
    public void onProgress(long revision) {
      apply(mine, List.of(), revision);
    }

    @Override
    public void onEnd(StorageException cause) {
      switch (cause) {
        case StorageException.Compacted _ -> list();
        case StorageException.Closed _ -> retry(mine, cause, () -> {});
        case StorageException.Failed _, StorageException.FutureRevision _ -> retry(mine, cause, () -> resume(mine));
      }
    }
  }

  /// Takes changes in. A store gives all changes of one revision in one call, so that what is not newer than the snapshot was
  /// seen before.
  private void apply(int mine, List<StorageEvent> events, long revision) {
    List<Runnable> tasks = new ArrayList<>();
    synchronized (this) {
      Snapshot before = snapshot;
      if (mine != generation || stopped || revision <= before.revision()) {
        return;
      }
      backoff = options.backoffMin();
      KeyTree tree = before.tree();
      long bytes = objectBytes;
      long now = events.isEmpty() ? 0 : clock.millis();
      List<SelectorIndex.Change> changes = new ArrayList<>(events.size());
      for (StorageEvent event : events) {
        CachedObject previous = tree.find(event.key());
        if (event.revision() <= before.revision() || event.current().isEmpty() && previous == null) {
          continue;
        }
        CachedObject current = event.current().map(this::object).orElse(null);
        tree = current == null ? tree.without(event.key()) : tree.with(current);
        changes.add(new SelectorIndex.Change(previous, current));
        bytes += (current == null ? 0 : current.weight()) - (previous == null ? 0 : previous.weight());
        history.append(new CacheEvent(history.next(), event.revision(), now, current, previous, ledger), now);
      }
      objectBytes = bytes;
      // Most of what a store says to a cache is that nothing of its resource changed.
      if (!changes.isEmpty()) {
        index.follow(changes, tree);
      }
      publish(new Snapshot(revision, tree, history.next(), index), tasks);
      // After the snapshot is there: a cursor that is not taken here began to wait later, and then looks at the snapshot.
      events.forEach(event -> wakes.take(event.key(), prefix.length(), tasks));
    }
    tasks.forEach(Runnable::run);
  }

  private void publish(Snapshot next, List<Runnable> tasks) {
    snapshot = next;
    waiting.removeIf(
        each -> {
          if (each.revision > next.revision()) {
            return false;
          }
          tasks.add(() -> each.complete(next));
          return true;
        });
  }

  private CachedObject object(Stored stored) {
    Attributes attributes;
    try {
      attributes = extractor.extract(stored);
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("key", stored.key()).setCause(e).log("a stored object cannot be read for selectors");
      attributes = Attributes.NONE;
    }
    return new CachedObject(stored, attributes, prefix.length(), ledger);
  }

  private void giveUp(Waiting one) {
    boolean mine;
    synchronized (this) {
      mine = waiting.remove(one);
    }
    if (mine) {
      one.fail(new StorageException.FutureRevision(one.revision, revision()));
    }
  }

  /// Somebody who waits for a revision.
  private static final class Waiting {
    final long revision;
    final Reply<Snapshot> reply = new Reply<>();
    volatile Runnable cancelTimer = () -> {};

    Waiting(long revision) {
      this.revision = revision;
    }

    void complete(Snapshot snapshot) {
      cancelTimer.run();
      reply.complete(snapshot);
    }

    void fail(StorageException cause) {
      cancelTimer.run();
      reply.fail(cause);
    }
  }

  // History from before the cache was there, as after a restart.

  /// Fetches what the store still knows between a revision and the oldest event. One fetch at a time; who comes meanwhile
  /// waits for it and looks again. The store is called without the lock, since it may call back at once.
  private Future<Boolean> extendBack(long afterRevision) {
    Backfill fetching;
    synchronized (this) {
      if (backfill != null) {
        return backfill.transform(
            _ -> history.floor() <= afterRevision ? Future.succeededFuture(true) : extendBack(afterRevision));
      }
      fetching = new Backfill(afterRevision, history.floor());
      backfill = fetching.done.future();
    }
    fetching.begin();
    return fetching.done.future();
  }

  private final class Backfill implements WatchListener {
    final Promise<Boolean> done = Promise.promise();
    private final long after;
    private final long floor;
    private final List<StorageEvent> fetched = new ArrayList<>();
    private long bytes;
    private boolean ended;

    Backfill(long after, long floor) {
      this.after = after;
      this.floor = floor;
    }

    void begin() {
      Subscription reading = storage.watch(prefix, after, this);
      done.future().onComplete(_ -> reading.close());
    }

    @Override
    public void onEvents(List<StorageEvent> events) {
      if (ended) {
        return;
      }
      for (StorageEvent event : events) {
        if (event.revision() <= floor) {
          fetched.add(event);
          bytes += event.previous().map(each -> each.value().length()).orElse(0);
        }
      }
      if (fetched.size() > options.historyMax() || bytes > options.historyBytesMax()) {
        finish(false);
      } else if (events.getLast().revision() >= floor) {
        finish(true);
      }
    }

    @Override
    public void onProgress(long revision) {
      if (!ended && revision >= floor) {
        finish(true);
      }
    }

    @Override
    public void onEnd(StorageException cause) {
      if (!ended) {
        finish(false);
      }
    }

    private void finish(boolean complete) {
      ended = true;
      boolean extended = complete && prependFetched(fetched, after, floor);
      synchronized (ResourceCache.this) {
        backfill = null;
      }
      done.complete(extended);
    }
  }

  private boolean prependFetched(List<StorageEvent> fetched, long after, long floor) {
    synchronized (this) {
      if (history.floor() != floor || stopped) {
        return false;
      }
      long now = clock.millis();
      long sequence = history.sequenceBefore(fetched.size());
      List<CacheEvent> events = new ArrayList<>(fetched.size());
      for (StorageEvent event : fetched) {
        events.add(
            new CacheEvent(
                sequence++,
                event.revision(),
                now,
                event.current().map(this::object).orElse(null),
                event.previous().map(this::object).orElse(null),
                ledger));
      }
      return history.prepend(events, after);
    }
  }
}
