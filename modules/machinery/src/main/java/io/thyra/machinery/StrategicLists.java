package io.thyra.machinery;

import io.thyra.machinery.Draft.Fields;
import io.thyra.machinery.Draft.Items;
import io.thyra.machinery.Draft.Leaf;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a strategic merge patch merges and orders lists. Work is linear in the sizes of the lists, which a client chooses.
/// Source: apimachinery pkg/util/strategicpatch/patch.go.
final class StrategicLists {
  private StrategicLists() {}

  static RuntimeException error(String text) {
    return new Failure.Unclassified(500, text).toException();
  }

  private static RuntimeException badType(String expected, Draft actual) {
    return error("expected a " + expected + ", but received a " + GoPrint.typeName(actual.shallow()));
  }

  static Items requireItems(Draft draft) {
    if (draft instanceof Items items) {
      return items;
    }
    throw badType("[]interface {}", draft);
  }

  private static Fields requireFields(Draft draft) {
    if (draft instanceof Fields fields) {
      return fields;
    }
    throw badType("map[string]interface {}", draft);
  }

  private static Draft requireKey(Fields item, String mergeKey) {
    Draft key = item.get(mergeKey);
    if (key == null) {
      throw error("map: " + GoPrint.value(item.toValue()) + " does not contain declared merge key: " + mergeKey);
    }
    return key;
  }

  static Items merge(Items original, Items patch, PatchType.Member member, boolean deletes) {
    return member.merges() || deletes
        ? mergeLists(original.list(), patch.list(), member.type(), member.mergeKey(), deletes)
        : patch;
  }

  private static Items mergeLists(
      List<Draft> original, List<Draft> patch, PatchType type, String mergeKey, boolean deletes) {
    if (original.isEmpty() && patch.isEmpty()) {
      return new Items(original);
    }
    Draft sample = requireOneType(original, patch);
    if (!(sample instanceof Fields)) {
      if (deletes) {
        Set<Draft> unwanted = new HashSet<>(patch);
        var left = new ArrayList<>(original);
        left.removeIf(unwanted::contains);
        return new Items(left);
      }
      var merged = new LinkedHashSet<>(original);
      merged.addAll(patch);
      return arrange(List.copyOf(merged), patch, patch, original, "");
    }
    if (mergeKey.isEmpty()) {
      throw error("cannot merge lists without merge key for " + type.kind());
    }
    var changes = new ArrayList<Fields>();
    List<Draft> base = direct(original, patch, mergeKey, changes);
    boolean replaced = base == null;
    List<Draft> merged = new ArrayList<>(base == null ? List.copyOf(changes) : base);
    List<Draft> ordering = replaced ? List.of() : List.copyOf(changes);
    if (!replaced) {
      mergeItems(merged, changes, mergeKey, type);
    }
    return arrange(merged, ordering, ordering, replaced ? merged : base == null ? List.of() : base, mergeKey);
  }

  /// The original without the items that the patch deletes, null when the patch replaces it; the items of the patch
  /// that are no directives are added to `changes`.
  private static @Nullable List<Draft> direct(
      List<Draft> original, List<Draft> patch, String mergeKey, List<Fields> changes) {
    List<Draft> left = new ArrayList<>(original);
    boolean replace = false;
    for (Draft item : patch) {
      Fields fields = requireFields(item);
      Draft directive = fields.get(StrategicMergePatch.DIRECTIVE);
      if (directive == null) {
        changes.add(fields);
      } else if (directive.is("delete")) {
        Draft key = requireKey(fields, mergeKey);
        left.removeIf(candidate -> candidate instanceof Fields f && key.equals(f.get(mergeKey)));
      } else if (directive.is("replace")) {
        replace = true;
      } else if (directive.is("merge")) {
        throw error("merging lists cannot yet be specified in the patch");
      } else {
        throw StrategicMergePatch.badPatchType(directive, fields);
      }
    }
    return replace ? null : left;
  }

  private static void mergeItems(List<Draft> merged, List<Fields> changes, String mergeKey, PatchType type) {
    var positions = new HashMap<Draft, Integer>();
    for (int i = 0; i < merged.size(); i++) {
      Draft key = requireFields(merged.get(i)).get(mergeKey);
      if (key != null) {
        positions.putIfAbsent(key, i);
      }
    }
    for (Fields change : changes) {
      Draft key = requireKey(change, mergeKey);
      Integer position = positions.get(key);
      if (position == null) {
        positions.put(key, merged.size());
        merged.add(change);
      } else {
        merged.set(
            position, StrategicMergePatch.mergeFields(requireFields(merged.get(position)), change, type));
      }
    }
  }

  /// Checks that the items of a patch stand in the order that the patch also demands.
  static void requireOrder(List<Draft> patch, List<Draft> order, String mergeKey) {
    if (order.isEmpty() || patch.isEmpty()) {
      return;
    }
    List<Draft> kept = patch;
    if (!mergeKey.isEmpty()) {
      kept = new ArrayList<>();
      for (Draft item : patch) {
        Draft directive = requireFields(item).get(StrategicMergePatch.DIRECTIVE);
        if (directive == null || !directive.is("delete")) {
          kept.add(item);
        }
      }
    }
    int at = 0;
    int ordered = 0;
    while (at < kept.size() && ordered < order.size()) {
      Draft item = kept.get(at);
      if (item instanceof Fields fields && fields.get(StrategicMergePatch.DIRECTIVE) != null) {
        at++;
        continue;
      }
      Draft other = order.get(ordered);
      boolean same =
          mergeKey.isEmpty()
              ? item.equals(other)
              : sameKey(requireFields(item), requireFields(other), mergeKey);
      if (same) {
        at++;
      }
      ordered++;
    }
    if (at < kept.size()) {
      throw error(
          "The order in patch list:\n"
              + print(patch)
              + "\n doesn't match "
              + StrategicMergePatch.SET_ORDER
              + " list:\n"
              + print(order)
              + "\n");
    }
  }

  private static boolean sameKey(Fields left, Fields right, String mergeKey) {
    return requireKey(left, mergeKey).equals(requireKey(right, mergeKey));
  }

  private static String print(List<Draft> list) {
    return GoPrint.value(new ListValue(list.stream().map(Draft::toValue).toList()));
  }

  /// Puts a merged list into the order that a patch demands; items it does not name keep their live order.
  static Items reorder(
      List<Draft> merged, List<Draft> order, List<Draft> original, List<Draft> patch, String mergeKey) {
    Items arranged = arrange(merged, order, order, original, mergeKey);
    requireOneType(original, patch);
    return arranged;
  }

  /// Sorts the items that `named` lists by `order` and the others by `liveOrder`, and weaves the others in where the
  /// live order had them.
  private static Items arrange(
      List<Draft> merged, List<Draft> named, List<Draft> order, List<Draft> liveOrder, String mergeKey) {
    var inPatch = new ArrayList<Draft>();
    var others = new ArrayList<Draft>();
    partition(merged, named, mergeKey, inPatch, others);
    Map<Draft, Integer> live = positions(liveOrder, mergeKey);
    sort(inPatch, order, positions(order, mergeKey), mergeKey);
    sort(others, liveOrder, live, mergeKey);
    var all = new ArrayList<Draft>(merged.size());
    int i = 0;
    int j = 0;
    while (i < others.size() || j < inPatch.size()) {
      boolean takeOther = j >= inPatch.size();
      if (!takeOther && i < others.size()) {
        Integer left = live.get(keyOf(others.get(i), mergeKey));
        Integer right = live.get(keyOf(inPatch.get(j), mergeKey));
        takeOther = left != null && right != null && left < right;
      }
      all.add(takeOther ? others.get(i++) : inPatch.get(j++));
    }
    return new Items(all);
  }

  private static void partition(
      List<Draft> merged, List<Draft> named, String mergeKey, List<Draft> inPatch, List<Draft> others) {
    if (mergeKey.isEmpty()) {
      Set<Draft> wanted = new HashSet<>(named);
      merged.forEach(item -> (wanted.contains(item) ? inPatch : others).add(item));
      return;
    }
    var wanted = new HashSet<Draft>();
    int firstOdd = 0;
    while (firstOdd < named.size() && named.get(firstOdd) instanceof Fields fields) {
      Draft key = fields.get(mergeKey);
      if (key != null) {
        wanted.add(key);
      }
      firstOdd++;
    }
    for (Draft item : merged) {
      if (wanted.contains(requireKey(requireFields(item), mergeKey))) {
        inPatch.add(item);
      } else if (firstOdd < named.size()) {
        throw error("value for key " + firstOdd + " is not a map");
      } else {
        others.add(item);
      }
    }
  }

  private static void sort(List<Draft> list, List<Draft> order, Map<Draft, Integer> positions, String mergeKey) {
    if (!mergeKey.isEmpty()) {
      list.forEach(item -> requireKey(requireFields(item), mergeKey));
      order.forEach(item -> requireKey(requireFields(item), mergeKey));
    }
    list.sort(Comparator.comparing(item -> positions.getOrDefault(keyOf(item, mergeKey), -1)));
  }

  private static Map<Draft, Integer> positions(List<Draft> order, String mergeKey) {
    var positions = new HashMap<Draft, Integer>();
    for (int i = 0; i < order.size(); i++) {
      positions.putIfAbsent(keyOf(order.get(i), mergeKey), i);
    }
    return positions;
  }

  private static Draft keyOf(Draft item, String mergeKey) {
    if (mergeKey.isEmpty()) {
      return item;
    }
    Draft key = item instanceof Fields fields ? fields.get(mergeKey) : null;
    return key == null ? Draft.NULL : key;
  }

  /// Checks that all items have one type, not that of a list; answers one of them.
  private static Draft requireOneType(List<Draft> original, List<Draft> patch) {
    Draft first = null;
    for (List<Draft> list : List.of(original, patch)) {
      for (Draft item : list) {
        if (first == null) {
          first = item;
          if (item instanceof Items) {
            throw listOfLists();
          }
        } else if (!first.hasTypeOf(item)) {
          throw error("list element types are not identical: [" + print(original) + " " + print(patch) + "]");
        }
      }
    }
    if (first == null) {
      throw error("no elements in any of the given slices");
    }
    return first instanceof Leaf leaf && leaf.isNull() ? Draft.NULL : first;
  }

  private static RuntimeException listOfLists() {
    return new Failure.Told(
            Status.failure(
                422,
                "Invalid",
                "the server rejected our request due to an error in our request",
                new Status.Details("", "", "", "", List.of(), 0)))
        .toException();
  }
}
