package io.thyra.cel;

import static io.thyra.cel.Library.BOOL;
import static io.thyra.cel.Library.INT;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Functions on lists: those of Kubernetes, those of cel-go's extension and those on lists as sets.
/// Source: apiserver pkg/cel/library/lists.go, cel-go ext/lists.go (version 3), ext/sets.go.
final class ListsLibrary {
  /// Sorts a list by keys that were computed for it; what the macro `sortBy` comes to.
  static final String SORT_BY_KEYS = "@sortByAssociatedKeys";

  private static final CelType A = TypeParamType.create("A");
  private static final CelType LIST_A = ListType.create(A);
  private static final Map<String, CelType> COMPARABLE = new LinkedHashMap<>();
  private static final Map<String, Object> ZEROS =
      Map.of("int", 0L, "uint", UnsignedLong.ZERO, "double", 0.0, "duration", Duration.ZERO);

  static {
    COMPARABLE.put("int", SimpleType.INT);
    COMPARABLE.put("uint", SimpleType.UINT);
    COMPARABLE.put("double", SimpleType.DOUBLE);
    COMPARABLE.put("bool", SimpleType.BOOL);
    COMPARABLE.put("duration", SimpleType.DURATION);
    COMPARABLE.put("timestamp", SimpleType.TIMESTAMP);
    COMPARABLE.put("string", SimpleType.STRING);
    COMPARABLE.put("bytes", SimpleType.BYTES);
  }

  private ListsLibrary() {}

  static void declare(Library lib) {
    COMPARABLE.forEach(
        (name, type) -> {
          CelType list = ListType.create(type);
          lib.member("isSorted", "list_" + name + "_is_sorted_bool", BOOL, a -> isSorted((List<?>) a[0]), list);
          lib.member("max", "list_" + name + "_max_" + name, type, a -> extreme((List<?>) a[0], "max", -1), list);
          lib.member("min", "list_" + name + "_min_" + name, type, a -> extreme((List<?>) a[0], "min", 1), list);
          if (ZEROS.containsKey(name)) {
            lib.member("sum", "list_" + name + "_sum_" + name, type, a -> sum((List<?>) a[0], ZEROS.get(name)), list);
          }
          lib.member("sort", "list_" + name + "_sort", list, a -> sorted((List<?>) a[0], (List<?>) a[0]), list);
          lib.member(
              SORT_BY_KEYS,
              "list_" + name + "_sortByAssociatedKeys",
              LIST_A,
              a -> sorted((List<?>) a[0], (List<?>) a[1]),
              LIST_A,
              list);
        });
    lib.member("indexOf", "list_a_index_of_int", INT, a -> indexOf((List<?>) a[0], a[1]), LIST_A, A);
    lib.member("lastIndexOf", "list_a_last_index_of_int", INT, a -> lastIndexOf((List<?>) a[0], a[1]), LIST_A, A);
    lib.member("slice", "list_slice", LIST_A, a -> slice((List<?>) a[0], (long) a[1], (long) a[2]), LIST_A, INT, INT);
    CelType dynamic = ListType.create(SimpleType.DYN);
    lib.member("flatten", "list_flatten", LIST_A, a -> flatten((List<?>) a[0], 1), ListType.create(LIST_A));
    lib.member("flatten", "list_flatten_int", dynamic, a -> flatten((List<?>) a[0], (long) a[1]), dynamic, INT);
    lib.global("lists.range", "lists_range", ListType.create(INT), a -> range((long) a[0]), INT);
    lib.member("reverse", "list_reverse", LIST_A, a -> new ArrayList<Object>((List<?>) a[0]).reversed(), LIST_A);
    lib.member("distinct", "list_distinct", LIST_A, a -> distinct((List<?>) a[0]), LIST_A);
    lib.global("sets.contains", "list_sets_contains_list", BOOL, a -> containsAll((List<?>) a[0], (List<?>) a[1]), LIST_A, LIST_A);
    lib.global("sets.intersects", "list_sets_intersects_list", BOOL, a -> intersects((List<?>) a[0], (List<?>) a[1]), LIST_A, LIST_A);
    lib.global(
        "sets.equivalent",
        "list_sets_equivalent_list",
        BOOL,
        a -> containsAll((List<?>) a[0], (List<?>) a[1]) && containsAll((List<?>) a[1], (List<?>) a[0]),
        LIST_A,
        LIST_A);
  }

  private static boolean isSorted(List<?> list) {
    for (int i = 1; i < list.size(); i++) {
      if (CelValues.compare(list.get(i - 1), list.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Object extreme(List<?> list, String name, int replacing) {
    if (list.isEmpty()) {
      throw new EvaluationException(name + " called on empty list");
    }
    Object best = list.getFirst();
    for (Object candidate : list) {
      if (CelValues.compare(best, candidate) == replacing) {
        best = candidate;
      }
    }
    return best;
  }

  private static Object sum(List<?> list, Object zero) {
    Object sum = zero;
    for (Object item : list) {
      sum = Arithmetic.add(sum, item);
    }
    return sum;
  }

  private static List<Object> sorted(List<?> list, List<?> keys) {
    if (list.size() != keys.size()) {
      throw new EvaluationException(
          "@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got "
              + list.size()
              + " and "
              + keys.size()
              + " elements respectively");
    }
    String type = keys.isEmpty() ? "" : CelValues.typeName(keys.getFirst());
    var order = new ArrayList<Integer>(list.size());
    for (int i = 0; i < list.size(); i++) {
      if (!CelValues.typeName(keys.get(i)).equals(type)) {
        throw new EvaluationException("list elements must have the same type");
      }
      order.add(i);
    }
    order.sort((a, b) -> CelValues.compare(keys.get(a), keys.get(b)));
    var sorted = new ArrayList<Object>(list.size());
    order.forEach(i -> sorted.add(list.get(i)));
    return sorted;
  }

  static boolean contains(List<?> list, Object item) {
    return indexOf(list, item) >= 0;
  }

  private static long indexOf(List<?> list, Object item) {
    for (int i = 0; i < list.size(); i++) {
      if (CelValues.equal(list.get(i), item)) {
        return i;
      }
    }
    return -1;
  }

  private static long lastIndexOf(List<?> list, Object item) {
    for (int i = list.size() - 1; i >= 0; i--) {
      if (CelValues.equal(list.get(i), item)) {
        return i;
      }
    }
    return -1;
  }

  private static List<?> slice(List<?> list, long start, long end) {
    if (start < 0 || end < 0) {
      throw new EvaluationException("cannot slice(" + start + ", " + end + "), negative indexes not supported");
    }
    if (start > end) {
      throw new EvaluationException("cannot slice(" + start + ", " + end + "), start index must be less than or equal to end index");
    }
    if (end > list.size()) {
      throw new EvaluationException("cannot slice(" + start + ", " + end + "), list is length " + list.size());
    }
    return new ArrayList<Object>(list.subList((int) start, (int) end));
  }

  private static List<Object> flatten(List<?> list, long depth) {
    if (depth < 0) {
      throw new EvaluationException("level must be non-negative");
    }
    var flat = new ArrayList<Object>();
    for (Object item : list) {
      if (item instanceof List<?> nested && depth > 0) {
        flat.addAll(flatten(nested, depth - 1));
      } else {
        flat.add(item);
      }
    }
    return flat;
  }

  private static List<Object> range(long count) {
    if (count > Costs.PER_CALL_LIMIT) {
      // No evaluation could pay for it.
      throw new CostLimitException();
    }
    var numbers = new ArrayList<Object>();
    for (long i = 0; i < count; i++) {
      numbers.add(i);
    }
    return Collections.unmodifiableList(numbers);
  }

  private static List<Object> distinct(List<?> list) {
    var seen = new ArrayList<Object>();
    for (Object item : list) {
      if (!contains(seen, item)) {
        seen.add(item);
      }
    }
    return seen;
  }

  private static boolean containsAll(List<?> list, List<?> wanted) {
    return wanted.stream().allMatch(item -> contains(list, item));
  }

  private static boolean intersects(List<?> list, List<?> other) {
    return other.stream().anyMatch(item -> contains(list, item));
  }
}
