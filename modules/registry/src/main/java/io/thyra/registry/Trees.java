package io.thyra.registry;

import io.thyra.model.ObjectValue;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Trees of stored objects that need not be made of their bytes again: those on their way into the store, for whoever is
/// told of the change, and the ones used last, for whoever writes one object again and again or asks each time for the same
/// namespace. One for all resources of a registry; bounded by the stored bytes of what it keeps, of which a tree takes some
/// six times as many. Safe for all threads.
final class Trees {
  static final long BYTES_MAX = 1 << 20;
  // One object must not drive out all others.
  private static final long OBJECT_BYTES_MAX = BYTES_MAX / 8;

  private record Id(String key, long revision) {}

  private record Kept(ObjectValue tree, int bytes) {}

  // By the identity of the bytes, which the store hands on as it was given them.
  private final Map<Buffer, ObjectValue> writing = Collections.synchronizedMap(new IdentityHashMap<>());
  // Least recently used first; guarded by itself.
  private final Map<Id, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);
  private long keptBytes;

  /// Tells which tree some bytes were made of, until [#written]: the one that they will be read as.
  void write(Buffer bytes, ObjectValue tree) {
    writing.put(bytes, tree);
  }

  void written(Buffer bytes) {
    writing.remove(bytes);
  }

  /// The tree of a row that is just being written, which is kept from now on; empty for one that somebody else wrote.
  Optional<ObjectValue> findWritten(Stored stored) {
    ObjectValue bare = writing.get(stored.value());
    if (bare == null) {
      return Optional.empty();
    }
    ObjectValue tree = Metadata.with(bare, "resourceVersion", Long.toString(stored.modRevision()));
    keep(stored, tree);
    return Optional.of(tree);
  }

  Optional<ObjectValue> find(Stored stored) {
    synchronized (kept) {
      Kept found = kept.get(new Id(stored.key(), stored.modRevision()));
      return found == null ? Optional.empty() : Optional.of(found.tree());
    }
  }

  void keep(Stored stored, ObjectValue tree) {
    int bytes = stored.value().length();
    if (bytes > OBJECT_BYTES_MAX) {
      return;
    }
    synchronized (kept) {
      Kept before = kept.put(new Id(stored.key(), stored.modRevision()), new Kept(tree, bytes));
      keptBytes += bytes - (before == null ? 0 : before.bytes());
      Iterator<Kept> oldest = kept.values().iterator();
      while (keptBytes > BYTES_MAX) {
        keptBytes -= oldest.next().bytes();
        oldest.remove();
      }
    }
  }
}
