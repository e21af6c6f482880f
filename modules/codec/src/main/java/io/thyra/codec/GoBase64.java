package io.thyra.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Base64 as Go's StdEncoding reads it: line breaks are skipped, padding is required, bits beyond the last byte ignored.
/// Source: Go's encoding/base64/base64.go.
public final class GoBase64 {
  private static final byte[] DIGITS = new byte[128];

  static {
    Arrays.fill(DIGITS, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      DIGITS[alphabet.charAt(i)] = (byte) i;
    }
  }

  private GoBase64() {}

  /// The text that encodes the same bytes without line breaks; the same instance when it has that form already.
  ///
  /// @throws DecodeException when the text is not base64
  static String canonical(String text) {
    return isCanonical(text) ? text : Base64.getEncoder().encodeToString(decode(text));
  }

  private static boolean isCanonical(String text) {
    int length = text.length();
    if (length % 4 != 0) {
      return false;
    }
    int end = length;
    if (end > 0 && text.charAt(end - 1) == '=') {
      end -= text.charAt(end - 2) == '=' ? 2 : 1;
    }
    int last = 0;
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      last = c < 128 ? DIGITS[c] : -1;
      if (last < 0) {
        return false;
      }
    }
    return switch (length - end) {
      case 1 -> (last & 3) == 0;
      case 2 -> (last & 15) == 0;
      default -> true;
    };
  }

  /// @throws DecodeException when the text is not base64
  public static byte[] decode(String text) {
    byte[] source = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[source.length / 4 * 3 + 3];
    int size = 0;
    int at = 0;
    while (true) {
      int bits = 0;
      int digits = 0;
      boolean padded = false;
      while (digits < 4) {
        if (at == source.length) {
          if (digits == 0) {
            return Arrays.copyOf(out, size);
          }
          throw corrupt(at - digits);
        }
        byte c = source[at++];
        if (c >= 0 && DIGITS[c] >= 0) {
          bits = bits << 6 | DIGITS[c];
          digits++;
        } else if (c == '=') {
          at = padding(source, at, digits);
          padded = true;
          break;
        } else if (c != '\n' && c != '\r') {
          throw corrupt(at - 1);
        }
      }
      bits <<= 6 * (4 - digits);
      for (int i = 0; i < digits - 1; i++) {
        out[size++] = (byte) (bits >> (16 - 8 * i));
      }
      if (padded) {
        return Arrays.copyOf(out, size);
      }
    }
  }

  private static int padding(byte[] source, int from, int digits) {
    if (digits < 2) {
      throw corrupt(from - 1);
    }
    int at = from;
    if (digits == 2) {
      at = skipBreaks(source, at);
      if (at == source.length) {
        throw corrupt(at);
      }
      if (source[at] != '=') {
        throw corrupt(at - 1);
      }
      at++;
    }
    at = skipBreaks(source, at);
    if (at < source.length) {
      throw corrupt(at);
    }
    return at;
  }

  private static int skipBreaks(byte[] source, int from) {
    int at = from;
    while (at < source.length && (source[at] == '\n' || source[at] == '\r')) {
      at++;
    }
    return at;
  }

  private static DecodeException corrupt(int position) {
    return new DecodeException("illegal base64 data at input byte " + position);
  }
}
