package io.thyra.cache;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The last events of a resource in a ring that grows up to a bound. One writer, which holds the cache's lock, appends and
/// forgets; readers take no lock: an event knows its sequence, so a reader that finds another one, or none, in a slot knows
/// that it came too late.
///
/// ```
///        oldest                       next
///   ... |  e  |  e  |  e  |  e  |  e  |
///   floor = the revision whose later changes are all here
/// ```
final class History {
  /// Far from 0, so that older events can be put in front.
  static final long FIRST_SEQUENCE = 1L << 32;

  private final CacheOptions options;

  // Owned by the writer; readers read.
  private volatile @Nullable CacheEvent[] ring;
  private volatile long oldest = FIRST_SEQUENCE;
  private volatile long floor;
  private volatile long next = FIRST_SEQUENCE;

  private volatile long bytes;

  History(CacheOptions options) {
    this.options = options;
    this.ring = new CacheEvent[Integer.highestOneBit(Math.max(1, Math.min(64, options.historyMin())))];
  }

  long next() {
    return next;
  }

  /// The oldest revision after which every change is here.
  long floor() {
    return floor;
  }

  long bytes() {
    return bytes;
  }

  int size() {
    return (int) (next - oldest);
  }

  /// The event of a sequence, or null if it was forgotten.
  @Nullable CacheEvent find(long sequence) {
    @Nullable CacheEvent[] slots = ring;
    CacheEvent event = slots[(int) sequence & slots.length - 1];
    return event != null && event.sequence == sequence ? event : null;
  }

  /// The sequence of the first event after a revision. The caller checks [#floor] afterwards, since the writer may forget
  /// meanwhile.
  long firstAfter(long revision) {
    long low = oldest;
    long high = next;
    while (low < high) {
      long middle = (low + high) >>> 1;
      CacheEvent event = find(middle);
      if (event == null || event.revision() <= revision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  void append(CacheEvent event, long nowMillis) {
    if (size() >= limit(nowMillis)) {
      forgetOldest();
    }
    reserve(size() + 1);
    ring[(int) event.sequence & ring.length - 1] = event;
    bytes += event.weight();
    next = event.sequence + 1;
    while (bytes > options.historyBytesMax() && size() > 1) {
      forgetOldest();
    }
  }

  /// Puts events in front of the oldest, with sequences that end right before it.
  ///
  /// @return whether the bounds left room for all of them
  boolean prepend(List<CacheEvent> events, long newFloor) {
    long weight = events.stream().mapToLong(CacheEvent::weight).sum();
    if (size() + events.size() > options.historyMax() || bytes + weight > options.historyBytesMax()) {
      return false;
    }
    reserve(size() + events.size());
    for (CacheEvent event : events) {
      ring[(int) event.sequence & ring.length - 1] = event;
    }
    bytes += weight;
    oldest -= events.size();
    floor = newFloor;
    return true;
  }

  /// Begins anew at a revision: what was before is forgotten, and every cursor has lost its place.
  void reset(long revision) {
    while (size() > 0) {
      forgetOldest();
    }
    next++;
    oldest = next;
    floor = revision;
  }

  long sequenceBefore(int events) {
    return oldest - events;
  }

  /// Between the two bounds an event stays while it is fresh, so that a burst does not throw everybody out.
  private int limit(long nowMillis) {
    CacheEvent first = find(oldest);
    boolean fresh = first != null && nowMillis - first.recordedAtMillis() < options.fresh().toMillis();
    return fresh ? options.historyMax() : options.historyMin();
  }

  private void forgetOldest() {
    CacheEvent event = find(oldest);
    if (event != null) {
      // The floor first: a reader that still finds the event is right, one that does not must see why.
      floor = event.revision();
      bytes -= event.weight();
      ring[(int) oldest & ring.length - 1] = null;
      event.retireAll();
    }
    oldest++;
  }

  private void reserve(int events) {
    if (events <= ring.length) {
      return;
    }
    @Nullable CacheEvent[] wider = new CacheEvent[Integer.highestOneBit(events - 1) << 1];
    for (long sequence = oldest; sequence < next; sequence++) {
      wider[(int) sequence & wider.length - 1] = find(sequence);
    }
    ring = wider;
  }
}
