package io.thyra.codec;

import java.nio.charset.StandardCharsets;

/// UTF-8 as Go decodes it: each byte that begins no valid sequence becomes one U+FFFD.
final class Utf8 {
  private Utf8() {}

  static String string(byte[] data, int from, int to) {
    for (int i = from; i < to; i++) {
      if (data[i] < 0) {
        return wide(data, from, to);
      }
    }
    return new String(data, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static String wide(byte[] data, int from, int to) {
    var out = new StringBuilder(to - from);
    for (int i = from; i < to; ) {
      if (data[i] >= 0) {
        out.append((char) data[i++]);
      } else {
        i += decode(data, i, to, out);
      }
    }
    return out.toString();
  }

  /// Appends the character at a position and returns how many bytes it took.
  static int decode(byte[] data, int at, int end, StringBuilder out) {
    int first = data[at] & 0xFF;
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > end) {
      out.append('\uFFFD');
      return 1;
    }
    int c = first & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      int next = data[at + i];
      if ((next & 0xC0) != 0x80) {
        out.append('\uFFFD');
        return 1;
      }
      c = c << 6 | next & 0x3F;
    }
    boolean overlong = length == 3 && c < 0x800 || length == 4 && (c < 0x10000 || c > 0x10FFFF);
    if (overlong || c >= 0xD800 && c <= 0xDFFF) {
      out.append('\uFFFD');
      return 1;
    }
    out.appendCodePoint(c);
    return length;
  }
}
