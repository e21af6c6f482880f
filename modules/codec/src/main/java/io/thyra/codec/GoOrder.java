package io.thyra.codec;

import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Arrays;

/// The order in which Go prints the keys of a map: by their UTF-8 bytes.
final class GoOrder {
  private GoOrder() {}

  static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for characters above all others of UTF-16.
        boolean high = Character.isSurrogate(x);
        return high == Character.isSurrogate(y) ? Character.compare(x, y) : high ? 1 : -1;
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  static boolean isSorted(ObjectValue object) {
    for (int i = 1; i < object.size(); i++) {
      if (compare(object.nameAt(i - 1), object.nameAt(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /// The first `size` members as an object in Go's order; takes the arrays over.
  static ObjectValue sorted(String[] names, Value[] values, int size) {
    boolean ordered = true;
    for (int i = 1; i < size && ordered; i++) {
      ordered = compare(names[i - 1], names[i]) < 0;
    }
    if (ordered) {
      return ObjectValue.ofDistinct(names, values, size);
    }
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compare(names[a], names[b]));
    String[] sortedNames = new String[size];
    Value[] sortedValues = new Value[size];
    for (int i = 0; i < size; i++) {
      sortedNames[i] = names[order[i]];
      sortedValues[i] = values[order[i]];
    }
    return ObjectValue.ofDistinct(sortedNames, sortedValues, size);
  }
}
