package io.thyra.cache;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Something that keeps its encoded forms, each made at first demand. Any thread may ask; two that ask at once may both
/// encode, and one result is kept. At most [#FORMS_MAX] forms are kept, within the bytes that the cache allows to all.
abstract sealed class Encoded permits CachedObject, CacheEvent {
  /// JSON and protobuf in two versions each, a Table row and metadata alone: more is rare enough to be made again.
  static final int FORMS_MAX = 8;

  /// What one kept form costs besides its bytes.
  private static final int FORM_BYTES = 48;

  private static final VarHandle FORMS;

  static {
    try {
      FORMS = MethodHandles.lookup().findVarHandle(Encoded.class, "forms", Form.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Stands for "keep nothing any more".
  private static final Form RETIRED = new Form(new EncodingKey("", ""), new byte[0], null, FORMS_MAX);

  private final EncodingLedger ledger;
  private volatile @Nullable Form forms;

  Encoded(EncodingLedger ledger) {
    this.ledger = ledger;
  }

  final byte[] encoded(EncodingKey key, Supplier<byte[]> encoder) {
    byte[] kept = find(forms, key);
    return kept != null ? kept : keep(key, encoder.get());
  }

  private byte[] keep(EncodingKey key, byte[] bytes) {
    long cost = FORM_BYTES + bytes.length;
    while (true) {
      Form head = forms;
      byte[] kept = find(head, key);
      if (kept != null) {
        return kept;
      }
      int count = head == null ? 0 : head.count;
      if (count >= FORMS_MAX || !ledger.reserve(cost)) {
        return bytes;
      }
      if (FORMS.compareAndSet(this, head, new Form(key, bytes, head, count + 1))) {
        return bytes;
      }
      ledger.release(cost);
    }
  }

  /// Forgets the forms, and keeps none from now on: the cache no longer holds this.
  final void retire() {
    for (Form form = (Form) FORMS.getAndSet(this, RETIRED); form != null && form != RETIRED; form = form.next) {
      ledger.release(FORM_BYTES + form.bytes.length);
    }
  }

  private static byte @Nullable [] find(@Nullable Form head, EncodingKey key) {
    for (Form form = head; form != null; form = form.next) {
      if (form.key == key || form.key.equals(key)) {
        return form == RETIRED ? null : form.bytes;
      }
    }
    return null;
  }

  private record Form(EncodingKey key, byte[] bytes, @Nullable Form next, int count) {}
}
