package io.thyra.cache;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One change of one object. All watchers of a resource share the same event, so that each form of it is encoded once
/// however many they are.
public final class CacheEvent extends Encoded {
  /// What happened to the object in the store. What a watcher with a selector is told may differ, since for it an object
  /// comes and goes as it begins and ceases to match.
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }

  /// This, its slot in the ring, and its share of the tree's replaced nodes.
  private static final int FIXED_BYTES = 64;

  private final Type type;
  private final long revision;
  private final long recordedAtMillis;
  private final @Nullable CachedObject current;
  private final @Nullable CachedObject previous;

  /// Where the history keeps it; a slot of the ring that holds another sequence was used again.
  final long sequence;

  CacheEvent(
      long sequence,
      long revision,
      long recordedAtMillis,
      @Nullable CachedObject current,
      @Nullable CachedObject previous,
      EncodingLedger ledger) {
    super(ledger);
    if (current == null && previous == null) {
      throw new IllegalArgumentException("an event without an object");
    }
    this.type = current == null ? Type.DELETED : previous == null ? Type.ADDED : Type.MODIFIED;
    this.sequence = sequence;
    this.revision = revision;
    this.recordedAtMillis = recordedAtMillis;
    this.current = current;
    this.previous = previous;
  }

  public Type type() {
    return type;
  }

  /// The revision of the change. A deleted object carries it as its resourceVersion.
  public long revision() {
    return revision;
  }

  /// When the cache saw the change, by its clock.
  public long recordedAtMillis() {
    return recordedAtMillis;
  }

  public String key() {
    return object().key();
  }

  /// The object after the change; for a deletion what it was before.
  public CachedObject object() {
    return current != null ? current : Objects.requireNonNull(previous);
  }

  public Optional<CachedObject> current() {
    return Optional.ofNullable(current);
  }

  public Optional<CachedObject> previous() {
    return Optional.ofNullable(previous);
  }

  /// The event in a form, made by the function at first demand and kept with the event. The array is shared and must not be
  /// changed.
  public byte[] encoded(EncodingKey key, Function<CacheEvent, byte[]> encoder) {
    return encoded(key, () -> encoder.apply(this));
  }

  int weight() {
    return FIXED_BYTES + (previous == null ? 0 : previous.weight());
  }

  /// Lets go of what only the history held.
  void retireAll() {
    retire();
    if (previous != null) {
      previous.retire();
    }
  }

  @Override
  public String toString() {
    return type + " " + key() + "@" + revision;
  }
}
