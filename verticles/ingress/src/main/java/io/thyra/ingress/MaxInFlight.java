package io.thyra.ingress;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the requests that are being served, reads and writes apart, and refuses those past the limit. Shared by all
/// event loops. Long-running requests are not counted, and `system:masters` is never refused.
/// Source: apiserver pkg/server/filters/maxinflight.go.
public final class MaxInFlight {
  private final int readsMax;
  private final int writesMax;
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();

  /// @param readsMax `--max-requests-inflight`, 0 for no limit
  /// @param writesMax `--max-mutating-requests-inflight`, 0 for no limit
  public MaxInFlight(int readsMax, int writesMax) {
    this.readsMax = readsMax;
    this.writesMax = writesMax;
  }

  /// How an attempt to be served ended; what was taken is given back with [#leave].
  enum Slot {
    READ,
    WRITE,
    /// Served without being counted.
    FREE,
    REFUSED
  }

  Slot enter(RequestInfo info, UserInfo user, boolean longRunning, boolean exempt) {
    if (longRunning) {
      return Slot.FREE;
    }
    boolean write = mutates(info);
    int max = write ? writesMax : readsMax;
    AtomicInteger count = write ? writes : reads;
    if (count.incrementAndGet() <= max || max == 0 || exempt) {
      return write ? Slot.WRITE : Slot.READ;
    }
    count.decrementAndGet();
    return user.isIn(UserInfo.SYSTEM_MASTERS) ? Slot.FREE : Slot.REFUSED;
  }

  void leave(Slot slot) {
    switch (slot) {
      case READ -> reads.decrementAndGet();
      case WRITE -> writes.decrementAndGet();
      case FREE, REFUSED -> {}
    }
  }

  static boolean mutates(RequestInfo info) {
    return switch (info.verb()) {
      case "get", "list", "watch" -> false;
      default -> true;
    };
  }

  /// Requests that read and are being served now.
  public int reads() {
    return reads.get();
  }

  /// Requests that write and are being served now.
  public int writes() {
    return writes.get();
  }
}
