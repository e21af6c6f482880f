package io.thyra.machinery;

import io.thyra.model.GoText;
import java.math.BigInteger;

/// Integers in text as Go's strconv reads them in base ten, with its error texts.
public final class GoNumbers {
  private static final BigInteger UINT64_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private GoNumbers() {}

  /// A signed 64-bit integer with an optional sign.
  public static long parseInt(String text) {
    return signed("ParseInt", text);
  }

  /// As [#parseInt(String)], with the name that Atoi's errors carry.
  public static long atoi(String text) {
    return signed("Atoi", text);
  }

  private static long signed(String function, String text) {
    int start = text.startsWith("+") || text.startsWith("-") ? 1 : 0;
    requireDigits(function, text, start);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new SyntaxException("strconv." + function + ": parsing " + GoText.quote(text) + ": value out of range");
    }
  }

  /// An unsigned 64-bit integer, in the bits of a long. A sign is an error.
  public static long parseUint(String text) {
    requireDigits("ParseUint", text, 0);
    BigInteger value = new BigInteger(text);
    if (value.compareTo(UINT64_MAX) > 0) {
      throw new SyntaxException("strconv.ParseUint: parsing " + GoText.quote(text) + ": value out of range");
    }
    return value.longValue();
  }

  private static void requireDigits(String function, String text, int start) {
    boolean digits = text.length() > start;
    for (int i = start; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits) {
      throw new SyntaxException("strconv." + function + ": parsing " + GoText.quote(text) + ": invalid syntax");
    }
  }
}
