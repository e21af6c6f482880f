package io.thyra.cache;

import io.thyra.cache.KeyTree.Bound;
import io.thyra.storage.KeyOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The objects of a resource as one revision left them, in key order. Immutable, free to take, and free to keep as long as
/// the reader likes: it shares all that did not change with its neighbours.
public final class Snapshot {
  private final long revision;
  private final KeyTree tree;

  /// The first sequence of the history that this does not include.
  final long nextSequence;

  private final SelectorIndex index;

  Snapshot(long revision, KeyTree tree, long nextSequence, SelectorIndex index) {
    this.index = index;
    this.revision = revision;
    this.tree = tree;
    this.nextSequence = nextSequence;
  }

  public long revision() {
    return revision;
  }

  public int size() {
    return tree.size();
  }

  public Optional<CachedObject> find(String key) {
    return Optional.ofNullable(tree.find(key));
  }

  /// The same without objects of which an index knows that they do not meet all the terms. What is left is still to be looked
  /// at: the index may know nothing.
  public Snapshot narrowed(List<Term> terms) {
    KeyTree smallest = tree;
    for (Term term : terms) {
      KeyTree found = index.find(tree, term);
      if (found != null && found.size() < smallest.size()) {
        smallest = found;
      }
    }
    return smallest == tree ? this : new Snapshot(revision, smallest, nextSequence, index);
  }

  /// How many keys begin with a prefix; takes as long as a few look-ups.
  public int count(String prefix) {
    return countFrom(prefix, prefix);
  }

  /// How many keys of a prefix are at or behind a key.
  public int countFrom(String prefix, String startKey) {
    return Math.max(0, tree.rank(Bound.behindPrefix(prefix)) - tree.rank(Bound.at(later(prefix, startKey))));
  }

  /// The objects of a prefix in key order.
  public Iterable<CachedObject> range(String prefix) {
    return () -> iterate(prefix, prefix);
  }

  /// The objects of a prefix in key order, from a key on.
  ///
  /// @param startKey the first key that may be returned; the prefix itself to begin at its first
  public Iterator<CachedObject> iterate(String prefix, String startKey) {
    Iterator<CachedObject> objects = tree.from(Bound.at(later(prefix, startKey)));
    return new Iterator<>() {
      private @Nullable CachedObject next = advance();

      private @Nullable CachedObject advance() {
        if (!objects.hasNext()) {
          return null;
        }
        CachedObject object = objects.next();
        return object.key().startsWith(prefix) ? object : null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public CachedObject next() {
        CachedObject object = next;
        if (object == null) {
          throw new NoSuchElementException();
        }
        next = advance();
        return object;
      }
    };
  }

  private static String later(String left, String right) {
    return KeyOrder.UTF8.compare(left, right) >= 0 ? left : right;
  }

  KeyTree tree() {
    return tree;
  }
}
