package io.thyra.cache;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that keeps its encoded forms, each made at first demand. Any thread may ask; two that ask at once may both
/// encode, and one result is kept. At most [#FORMS_MAX] forms are kept, within the bytes that the cache allows to all.
abstract sealed class Encoded permits CachedObject, CacheEvent {
  /// JSON and protobuf in two versions each, a Table row and metadata alone: more is rare enough to be made again.
  static final int FORMS_MAX = 8;

  /// Stands for "keep nothing any more".
  private static final Form RETIRED = new Form(new EncodingKey("", ""), new byte[0], null, FORMS_MAX);

  private final EncodingLedger ledger;

  // Written under the ledger's lock.
  private volatile @Nullable Form forms;

  // A hint, so that a race on it does no harm.
  private boolean asked;

  // The ledger's list of holders, under its lock.
  @Nullable Encoded older;
  @Nullable Encoded newer;

  Encoded(EncodingLedger ledger) {
    this.ledger = ledger;
  }

  final byte[] encoded(EncodingKey key, Supplier<byte[]> encoder) {
    byte[] kept = find(key);
    if (kept == null) {
      return ledger.keep(this, key, encoder.get());
    }
    if (!asked) {
      asked = true;
    }
    return kept;
  }

  /// Forgets the forms, and keeps none from now on: the cache no longer holds this.
  final void retire() {
    ledger.retire(this);
  }

  final byte @Nullable [] find(EncodingKey key) {
    for (Form form = forms; form != null; form = form.next) {
      if (form.key == key || form.key.equals(key)) {
        return form == RETIRED ? null : form.bytes;
      }
    }
    return null;
  }

  // For the ledger, under its lock.

  final boolean isHeld() {
    return forms != null && forms != RETIRED;
  }

  final boolean isFull() {
    Form head = forms;
    return head != null && head.count >= FORMS_MAX;
  }

  final void add(EncodingKey key, byte[] bytes) {
    Form head = forms;
    forms = new Form(key, bytes, head, head == null ? 1 : head.count + 1);
  }

  /// Whether somebody asked for a kept form since the last call.
  final boolean takeAsked() {
    boolean was = asked;
    asked = false;
    return was;
  }

  /// Forgets the forms.
  ///
  /// @return the bytes they held, with so much for each form
  final long drop(int perForm) {
    long bytes = 0;
    for (Form form = forms; form != null; form = form.next) {
      bytes += perForm + form.bytes.length;
    }
    forms = null;
    return bytes;
  }

  final void close() {
    forms = RETIRED;
  }

  private record Form(EncodingKey key, byte[] bytes, @Nullable Form next, int count) {}
}
