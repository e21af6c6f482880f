package io.thyra.codec;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One string for each field name that keeps coming: a fixed table of the last name seen in each slot, shared by all
/// readers. Racy writes only cost a miss, since strings are immutable.
final class Names {
  private static final int LENGTH_MAX = 40;
  private static final int SLOTS = 4096;
  private static final @Nullable String[] TABLE = new String[SLOTS];

  private Names() {}

  /// The string of ASCII bytes.
  @SuppressWarnings("deprecation") // The hi-byte constructor is the one copy without a decoder.
  static String of(byte[] data, int from, int to) {
    int length = to - from;
    if (length > LENGTH_MAX) {
      return new String(data, 0, from, length);
    }
    int hash = length;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + data[i];
    }
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    String known = TABLE[slot];
    if (known != null && matches(known, data, from, length)) {
      return known;
    }
    String fresh = new String(data, 0, from, length);
    TABLE[slot] = fresh;
    return fresh;
  }

  /// The shared string of a name, so that later reads of it yield this instance.
  static String shared(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return bytes.length == name.length() ? of(bytes, 0, bytes.length) : name;
  }

  private static boolean matches(String known, byte[] data, int from, int length) {
    if (known.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known.charAt(i) != data[from + i]) {
        return false;
      }
    }
    return true;
  }
}
