package io.thyra.cache;

import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// An object as one revision left it: its stored bytes, what selectors need of it, and its encodings once somebody wanted
/// them. Immutable but for the encodings; the decoded tree is not kept.
public final class CachedObject extends Encoded {
  /// Headers and references of this, the stored record, its buffer, its strings and maps, as measured on a 64-bit JVM.
  private static final int FIXED_BYTES = 264;

  private final Stored stored;
  private final Attributes attributes;
  private final int prefixLength;

  CachedObject(Stored stored, Attributes attributes, int prefixLength, EncodingLedger ledger) {
    super(ledger);
    this.stored = stored;
    this.attributes = attributes;
    this.prefixLength = prefixLength;
  }

  public String key() {
    return stored.key();
  }

  /// The segment between the resource's prefix and the name; empty for what has no namespace.
  public String namespace() {
    int slash = key().lastIndexOf('/');
    return slash < prefixLength ? "" : key().substring(prefixLength, slash);
  }

  public String name() {
    return key().substring(Math.max(prefixLength, key().lastIndexOf('/') + 1));
  }

  public long modRevision() {
    return stored.modRevision();
  }

  public long createRevision() {
    return stored.createRevision();
  }

  /// The bytes as the store has them, envelope and all. Must not be changed.
  public Buffer value() {
    return stored.value();
  }

  public Stored stored() {
    return stored;
  }

  public Map<String, String> labels() {
    return attributes.labels();
  }

  public Map<String, String> fields() {
    return attributes.fields();
  }

  /// The object in a form, made by the function at first demand and kept with the object. The array is shared and must not
  /// be changed. What the function throws is thrown on, and nothing is kept.
  public byte[] encoded(EncodingKey key, Function<CachedObject, byte[]> encoder) {
    return encoded(key, () -> encoder.apply(this));
  }

  /// Bytes on the heap, encodings apart; an estimate.
  int weight() {
    int strings = 0;
    for (Map<String, String> map : List.of(attributes.labels(), attributes.fields())) {
      for (Map.Entry<String, String> entry : map.entrySet()) {
        strings += 64 + entry.getKey().length() + entry.getValue().length();
      }
    }
    return FIXED_BYTES + key().length() + value().length() + strings;
  }

  @Override
  public String toString() {
    return key() + "@" + modRevision();
  }
}
