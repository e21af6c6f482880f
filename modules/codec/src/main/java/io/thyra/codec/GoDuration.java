package io.thyra.codec;

import io.thyra.model.GoText;

/// Durations as Go reads and prints them: `1h2m3.5s`. In nanoseconds. Source: Go's time/format.go and time/time.go.
public final class GoDuration {
  private static final long MICRO = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000;

  private GoDuration() {}

  /// @throws DecodeException when the text is no duration
  public static long parse(String text) {
    int at = 0;
    boolean negative = false;
    if (!text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+')) {
      negative = text.charAt(0) == '-';
      at++;
    }
    if (text.length() == at + 1 && text.charAt(at) == '0') {
      return 0;
    }
    if (at == text.length()) {
      throw invalid(text);
    }
    // Counted as unsigned, since -2^63 is a duration.
    long total = 0;
    while (at < text.length()) {
      int wholeFrom = at;
      long whole = 0;
      while (at < text.length() && digit(text.charAt(at))) {
        if (Long.compareUnsigned(whole, Long.MIN_VALUE / -10) > 0) {
          throw invalid(text);
        }
        whole = whole * 10 + text.charAt(at) - '0';
        if (whole < 0 && whole != Long.MIN_VALUE) {
          throw invalid(text);
        }
        at++;
      }
      boolean digits = at > wholeFrom;
      long fraction = 0;
      double scale = 1;
      if (at < text.length() && text.charAt(at) == '.') {
        at++;
        int from = at;
        boolean full = false;
        while (at < text.length() && digit(text.charAt(at))) {
          full = full || fraction > (Long.MAX_VALUE - 9) / 10;
          if (!full) {
            fraction = fraction * 10 + text.charAt(at) - '0';
            scale *= 10;
          }
          at++;
        }
        digits = digits || at > from;
      }
      if (!digits) {
        throw invalid(text);
      }
      int unitFrom = at;
      while (at < text.length() && text.charAt(at) != '.' && !digit(text.charAt(at))) {
        at++;
      }
      if (at == unitFrom) {
        throw new DecodeException("time: missing unit in duration " + GoText.quote(text));
      }
      long unit = unit(text, text.substring(unitFrom, at));
      if (Long.compareUnsigned(whole, Long.divideUnsigned(Long.MIN_VALUE, unit)) > 0) {
        throw invalid(text);
      }
      long amount = whole * unit;
      if (fraction > 0) {
        amount += (long) (fraction * (unit / scale));
        if (Long.compareUnsigned(amount, Long.MIN_VALUE) > 0) {
          throw invalid(text);
        }
      }
      total += amount;
      if (Long.compareUnsigned(total, Long.MIN_VALUE) > 0) {
        throw invalid(text);
      }
    }
    if (negative) {
      return -total;
    }
    if (total < 0) {
      throw invalid(text);
    }
    return total;
  }

  private static long unit(String text, String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "\u00b5s", "\u03bcs" -> MICRO;
      case "ms" -> MILLI;
      case "s" -> SECOND;
      case "m" -> 60 * SECOND;
      case "h" -> 3600 * SECOND;
      default -> throw new DecodeException("time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
    };
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static DecodeException invalid(String text) {
    return new DecodeException("time: invalid duration " + GoText.quote(text));
  }

  public static String print(long nanos) {
    if (nanos == 0) {
      return "0s";
    }
    if (nanos == Long.MIN_VALUE) {
      return "-2562047h47m16.854775808s";
    }
    String sign = nanos < 0 ? "-" : "";
    long size = Math.abs(nanos);
    if (size < MICRO) {
      return sign + size + "ns";
    }
    if (size < MILLI) {
      return sign + decimal(size, MICRO) + "\u00b5s";
    }
    if (size < SECOND) {
      return sign + decimal(size, MILLI) + "ms";
    }
    long minutes = size / (60 * SECOND);
    String seconds = decimal(size % (60 * SECOND), SECOND) + "s";
    if (minutes == 0) {
      return sign + seconds;
    }
    return minutes < 60 ? sign + minutes + "m" + seconds : sign + minutes / 60 + "h" + minutes % 60 + "m" + seconds;
  }

  private static String decimal(long amount, long unit) {
    long whole = amount / unit;
    long fraction = amount % unit;
    if (fraction == 0) {
      return Long.toString(whole);
    }
    String digits = Long.toString(unit + fraction).substring(1);
    int end = digits.length();
    while (digits.charAt(end - 1) == '0') {
      end--;
    }
    return whole + "." + digits.substring(0, end);
  }
}
