package io.thyra.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which objects have a label or field of a value, for the names that selectors keep asking for, so that a selector costs
/// what it matches. A name is indexed when it is asked for the second time, and followed from then on; of more than
/// [#NAMES_MAX] the one that nobody asked for the longest is dropped.
///
/// It knows the newest tree alone; who holds an older one looks at all of that. Owns its state, under its own lock.
final class SelectorIndex {
  static final int NAMES_MAX = 16;

  /// Names that were asked for once, remembered so long.
  private static final int CANDIDATES_MAX = 64;

  private final Map<Name, Map<String, KeyTree>> names = lru(NAMES_MAX);
  private final Map<Name, Boolean> candidates = lru(CANDIDATES_MAX);
  private KeyTree tree = KeyTree.EMPTY;

  /// @param label whether it is a label's, else a field's
  private record Name(boolean label, String name) {
    @Nullable String of(CachedObject object) {
      return (label ? object.labels() : object.fields()).get(name);
    }
  }

  /// One object's change; null for what was not or is no more.
  record Change(@Nullable CachedObject previous, @Nullable CachedObject current) {}

  private static <K, V> Map<K, V> lru(int max) {
    return new LinkedHashMap<>(max * 2, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > max;
      }
    };
  }

  /// Begins anew with a tree.
  synchronized void reset(KeyTree next) {
    names.clear();
    tree = next;
  }

  /// Follows the tree to the next one.
  synchronized void follow(List<Change> changes, KeyTree next) {
    names.forEach((name, values) -> changes.forEach(change -> follow(name, values, change)));
    tree = next;
  }

  private static void follow(Name name, Map<String, KeyTree> values, Change change) {
    CachedObject previous = change.previous();
    CachedObject current = change.current();
    String before = previous == null ? null : name.of(previous);
    String now = current == null ? null : name.of(current);
    if (previous != null && before != null && !before.equals(now)) {
      KeyTree left = values.getOrDefault(before, KeyTree.EMPTY).without(previous.key());
      if (left.size() == 0) {
        values.remove(before);
      } else {
        values.put(before, left);
      }
    }
    if (current != null && now != null) {
      values.put(now, values.getOrDefault(now, KeyTree.EMPTY).with(current));
    }
  }

  /// The objects of a tree that have one of the term's values.
  ///
  /// @return null when the tree is not the newest or the name is not indexed
  synchronized @Nullable KeyTree find(KeyTree of, Term term) {
    if (of != tree) {
      return null;
    }
    Map<String, KeyTree> values = values(new Name(term.label(), term.name()));
    if (values == null) {
      return null;
    }
    if (term.values().size() == 1) {
      return values.getOrDefault(term.values().getFirst(), KeyTree.EMPTY);
    }
    KeyTree all = KeyTree.EMPTY;
    for (String value : term.values()) {
      Iterator<CachedObject> objects = values.getOrDefault(value, KeyTree.EMPTY).from(_ -> false);
      while (objects.hasNext()) {
        all = all.with(objects.next());
      }
    }
    return all;
  }

  private @Nullable Map<String, KeyTree> values(Name name) {
    Map<String, KeyTree> known = names.get(name);
    if (known == null && candidates.put(name, true) != null) {
      known = build(name);
      names.put(name, known);
    }
    return known;
  }

  private Map<String, KeyTree> build(Name name) {
    Map<String, List<CachedObject>> lists = new HashMap<>();
    Iterator<CachedObject> objects = tree.from(_ -> false);
    while (objects.hasNext()) {
      CachedObject object = objects.next();
      String value = name.of(object);
      if (value != null) {
        lists.computeIfAbsent(value, _ -> new ArrayList<>()).add(object);
      }
    }
    Map<String, KeyTree> trees = HashMap.newHashMap(lists.size());
    lists.forEach((value, list) -> trees.put(value, KeyTree.of(list)));
    return trees;
  }
}
