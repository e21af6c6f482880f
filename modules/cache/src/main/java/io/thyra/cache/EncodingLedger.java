package io.thyra.cache;

import org.jspecify.annotations.Nullable;

/// The bytes that the encodings of one cache may occupy together, and who holds them. When they are spent, those go that
/// nobody asked for since they were last considered, the longest kept first: a clock, as operating systems keep pages by.
///
/// Owns the list of holders, under its own lock.
final class EncodingLedger {
  /// Holders that are looked at to make room once; beyond that the newcomer is not kept.
  private static final int CONSIDERED_MAX = 32;

  /// What one kept form costs besides its bytes.
  private static final int FORM_BYTES = 48;

  private final long bytesMax;
  private long used;
  private @Nullable Encoded oldest;
  private @Nullable Encoded newest;

  EncodingLedger(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// Keeps a form of a holder if there is room or can be made.
  ///
  /// @return what is kept: these bytes, or those of somebody who was faster
  synchronized byte[] keep(Encoded holder, EncodingKey key, byte[] bytes) {
    byte[] known = holder.find(key);
    if (known != null) {
      return known;
    }
    long cost = FORM_BYTES + bytes.length;
    if (holder.isFull() || !makeRoom(cost, holder)) {
      return bytes;
    }
    if (!holder.isHeld()) {
      append(holder);
    }
    holder.add(key, bytes);
    used += cost;
    return bytes;
  }

  /// Lets go of what a holder keeps; it keeps nothing from now on.
  synchronized void retire(Encoded holder) {
    release(holder);
    holder.close();
  }

  synchronized long bytes() {
    return used;
  }

  private boolean makeRoom(long cost, Encoded newcomer) {
    for (int i = 0; used + cost > bytesMax && i < CONSIDERED_MAX; i++) {
      Encoded candidate = oldest;
      if (candidate == null) {
        return false;
      }
      if (candidate == newcomer || candidate.takeAsked()) {
        unlink(candidate);
        append(candidate);
      } else {
        release(candidate);
      }
    }
    return used + cost <= bytesMax;
  }

  private void release(Encoded holder) {
    if (holder.isHeld()) {
      unlink(holder);
      used -= holder.drop(FORM_BYTES);
    }
  }

  private void append(Encoded holder) {
    holder.older = newest;
    holder.newer = null;
    if (newest == null) {
      oldest = holder;
    } else {
      newest.newer = holder;
    }
    newest = holder;
  }

  private void unlink(Encoded holder) {
    Encoded before = holder.older;
    Encoded after = holder.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    holder.older = null;
    holder.newer = null;
  }
}
