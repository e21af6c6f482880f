package io.thyra.cache;

import io.thyra.storage.KeyOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Objects in key order, immutable: a change makes a new tree that shares all but the nodes on one path. A B-tree rather than
/// a binary one, because lists read it far more often than writes copy it and wide leaves are what a scan likes.
final class KeyTree {
  /// 64 references fill four cache lines; a change then copies about 600 bytes in a tree of 10,000.
  static final int WIDTH = 64;

  static final KeyTree EMPTY = new KeyTree(new Leaf(new CachedObject[0]));

  private final Node root;

  private KeyTree(Node root) {
    this.root = root;
  }

  /// A tree of objects that are in key order, without duplicates.
  static KeyTree of(List<CachedObject> ordered) {
    int fill = WIDTH * 3 / 4;
    List<Node> level = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i += fill) {
      level.add(new Leaf(ordered.subList(i, Math.min(i + fill, ordered.size())).toArray(CachedObject[]::new)));
    }
    while (level.size() > 1) {
      List<Node> above = new ArrayList<>();
      for (int i = 0; i < level.size(); i += fill) {
        above.add(Inner.of(level.subList(i, Math.min(i + fill, level.size())).toArray(Node[]::new)));
      }
      level = above;
    }
    return level.isEmpty() ? EMPTY : new KeyTree(level.getFirst());
  }

  int size() {
    return root.size();
  }

  @Nullable CachedObject find(String key) {
    Node node = root;
    while (node instanceof Inner inner) {
      node = inner.children[inner.childOf(key)];
    }
    Leaf leaf = (Leaf) node;
    int at = leaf.search(key);
    return at < 0 ? null : leaf.items[at];
  }

  KeyTree with(CachedObject object) {
    Node[] parts = put(root, object);
    return new KeyTree(parts.length == 1 ? parts[0] : Inner.of(parts));
  }

  KeyTree without(String key) {
    Node left = remove(root, key);
    while (left instanceof Inner inner && inner.children.length == 1) {
      left = inner.children[0];
    }
    return left == root ? this : left == null ? EMPTY : new KeyTree(left);
  }

  /// How many keys are before a bound.
  int rank(Bound bound) {
    int rank = 0;
    Node node = root;
    while (node instanceof Inner inner) {
      int child = inner.childBefore(bound);
      for (int i = 0; i < child; i++) {
        rank += inner.children[i].size();
      }
      node = inner.children[child];
    }
    return rank + ((Leaf) node).rank(bound);
  }

  /// The objects that are not before a bound, in order.
  Iterator<CachedObject> from(Bound bound) {
    return new Walk(root, bound);
  }

  /// A place between keys: true for the keys on its left. Keys on its left are all smaller than those on its right.
  @FunctionalInterface
  interface Bound {
    boolean isAfter(String key);

    static Bound at(String key) {
      return other -> KeyOrder.UTF8.compare(other, key) < 0;
    }

    static Bound behindPrefix(String prefix) {
      return other -> other.startsWith(prefix) || KeyOrder.UTF8.compare(other, prefix) < 0;
    }
  }

  private static Node[] put(Node node, CachedObject object) {
    return switch (node) {
      case Leaf leaf -> leaf.put(object);
      case Inner inner -> {
        int at = inner.childOf(object.key());
        yield Inner.split(splice(inner.children, at, 1, put(inner.children[at], object)));
      }
    };
  }

  private static @Nullable Node remove(Node node, String key) {
    return switch (node) {
      case Leaf leaf -> leaf.remove(key);
      case Inner inner -> {
        int at = inner.childOf(key);
        Node child = inner.children[at];
        Node left = remove(child, key);
        if (left == child) {
          yield inner;
        }
        Node[] children = splice(inner.children, at, 1, left == null ? new Node[0] : new Node[] {left});
        yield children.length == 0 ? null : Inner.of(mergeAround(children, Math.min(at, children.length - 1)));
      }
    };
  }

  /// Joins a child that became small with a neighbour, if both fit into one node with room to spare.
  private static Node[] mergeAround(Node[] children, int at) {
    if (children.length < 2 || children[at].width() > WIDTH / 4) {
      return children;
    }
    int left = at == 0 ? 0 : at - 1;
    Node a = children[left];
    Node b = children[left + 1];
    if (a.width() + b.width() > WIDTH * 3 / 4) {
      return children;
    }
    Node joined =
        a instanceof Leaf one && b instanceof Leaf two
            ? new Leaf(splice(one.items, one.items.length, 0, two.items))
            : Inner.of(splice(((Inner) a).children, a.width(), 0, ((Inner) b).children));
    return splice(children, left, 2, new Node[] {joined});
  }

  /// A copy of an array with a stretch replaced.
  private static <T> T[] splice(T[] array, int at, int removed, T[] inserted) {
    T[] result = Arrays.copyOf(array, array.length - removed + inserted.length);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    System.arraycopy(array, at + removed, result, at + inserted.length, array.length - at - removed);
    return result;
  }

  private sealed interface Node {
    int size();

    int width();

    String first();
  }

  private record Leaf(CachedObject[] items) implements Node {
    @Override
    public int size() {
      return items.length;
    }

    @Override
    public int width() {
      return items.length;
    }

    @Override
    public String first() {
      return items.length == 0 ? "" : items[0].key();
    }

    /// The index of a key, or `-(where it belongs) - 1`.
    int search(String key) {
      int low = 0;
      int high = items.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = KeyOrder.UTF8.compare(items[middle].key(), key);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }

    int rank(Bound bound) {
      int low = 0;
      int high = items.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (bound.isAfter(items[middle].key())) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    Node[] put(CachedObject object) {
      int at = search(object.key());
      CachedObject[] one = {object};
      CachedObject[] all = at >= 0 ? splice(items, at, 1, one) : splice(items, -at - 1, 0, one);
      if (all.length <= WIDTH) {
        return new Node[] {new Leaf(all)};
      }
      int half = all.length / 2;
      return new Node[] {new Leaf(Arrays.copyOf(all, half)), new Leaf(Arrays.copyOfRange(all, half, all.length))};
    }

    @Nullable Leaf remove(String key) {
      int at = search(key);
      return at < 0 ? this : items.length == 1 ? null : new Leaf(splice(items, at, 1, new CachedObject[0]));
    }
  }

  private record Inner(Node[] children, String[] firsts, int size) implements Node {
    static Inner of(Node[] children) {
      String[] firsts = new String[children.length];
      int size = 0;
      for (int i = 0; i < children.length; i++) {
        firsts[i] = children[i].first();
        size += children[i].size();
      }
      return new Inner(children, firsts, size);
    }

    static Node[] split(Node[] children) {
      if (children.length <= WIDTH) {
        return new Node[] {of(children)};
      }
      int half = children.length / 2;
      return new Node[] {of(Arrays.copyOf(children, half)), of(Arrays.copyOfRange(children, half, children.length))};
    }

    @Override
    public int width() {
      return children.length;
    }

    @Override
    public String first() {
      return firsts[0];
    }

    /// The child that has a key, or would have it.
    int childOf(String key) {
      int low = 1;
      int high = firsts.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (KeyOrder.UTF8.compare(firsts[middle], key) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }

    /// The last child that begins before a bound, or the first child.
    int childBefore(Bound bound) {
      int low = 1;
      int high = firsts.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (bound.isAfter(firsts[middle])) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }
  }

  /// Goes through the leaves; the stack holds the inner nodes above the leaf, at most five of them.
  private static final class Walk implements Iterator<CachedObject> {
    private final ArrayList<Inner> above = new ArrayList<>(4);
    private final int[] at = new int[16];
    private CachedObject[] items;
    private int next;

    Walk(Node root, Bound bound) {
      Node node = root;
      while (node instanceof Inner inner) {
        at[above.size()] = inner.childBefore(bound);
        above.add(inner);
        node = inner.children[at[above.size() - 1]];
      }
      items = ((Leaf) node).items;
      next = ((Leaf) node).rank(bound);
      if (next == items.length) {
        nextLeaf();
      }
    }

    @Override
    public boolean hasNext() {
      return next < items.length;
    }

    @Override
    public CachedObject next() {
      if (next >= items.length) {
        throw new NoSuchElementException();
      }
      CachedObject object = items[next++];
      if (next == items.length) {
        nextLeaf();
      }
      return object;
    }

    private void nextLeaf() {
      int depth = above.size() - 1;
      while (depth >= 0 && at[depth] + 1 == above.get(depth).children.length) {
        above.remove(depth--);
      }
      if (depth < 0) {
        return;
      }
      Node node = above.get(depth).children[++at[depth]];
      while (node instanceof Inner inner) {
        at[above.size()] = 0;
        above.add(inner);
        node = inner.children[0];
      }
      items = ((Leaf) node).items;
      next = 0;
    }
  }
}
