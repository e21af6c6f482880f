package io.thyra.storage;

import java.util.Comparator;

/// The order of keys in every store: that of their UTF-8 bytes, which is the order of their code points. It differs from
/// [String#compareTo] only where a surrogate pair meets a character from U+E000 on.
public enum KeyOrder implements Comparator<String> {
  UTF8;

  @Override
  public int compare(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int i = 0; i < shorter; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        return a >= Character.MIN_SURROGATE && b >= Character.MIN_SURROGATE ? byCodePoint(a) - byCodePoint(b) : a - b;
      }
    }
    return left.length() - right.length();
  }

  /// Moves the surrogates, which stand for code points above all others, behind the rest.
  private static int byCodePoint(char unit) {
    return unit > Character.MAX_SURROGATE ? unit - 0x800 : unit + 0x2000;
  }
}
