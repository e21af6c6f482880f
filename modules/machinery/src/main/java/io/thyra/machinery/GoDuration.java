package io.thyra.machinery;

import io.thyra.model.GoText;
import java.math.BigInteger;
import java.time.Duration;

/// Durations as Go's time package writes and reads them: `1h30m0s`, `1.5s`, `100ms`, within a signed 64-bit count of
/// nanoseconds. Source: Go time/format.go (ParseDuration) and time/time.go.
public final class GoDuration {
  private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(63);

  private GoDuration() {}

  /// Reads a duration.
  ///
  /// @throws SyntaxException with the text of Go's parser
  public static Duration parse(String text) {
    return Duration.ofNanos(parseNanos(text));
  }

  private static long parseNanos(String text) {
    String rest = text;
    boolean negative = rest.startsWith("-");
    if (negative || rest.startsWith("+")) {
      rest = rest.substring(1);
    }
    if (rest.equals("0")) {
      return 0;
    }
    if (rest.isEmpty()) {
      throw invalid(text);
    }
    BigInteger total = BigInteger.ZERO;
    while (!rest.isEmpty()) {
      int whole = digits(rest, 0);
      int end = whole;
      boolean fraction = end < rest.length() && rest.charAt(end) == '.';
      if (fraction) {
        end = digits(rest, end + 1);
      }
      if (end == 0 || fraction && whole == 0 && end == 1) {
        throw invalid(text);
      }
      int unitEnd = end;
      while (unitEnd < rest.length() && rest.charAt(unitEnd) != '.' && !digit(rest.charAt(unitEnd))) {
        unitEnd++;
      }
      String unit = rest.substring(end, unitEnd);
      if (unit.isEmpty()) {
        throw new SyntaxException("time: missing unit in duration " + GoText.quote(text));
      }
      BigInteger nanos = BigInteger.valueOf(nanosOf(unit, text));
      if (whole > 0) {
        BigInteger amount = new BigInteger(rest.substring(0, whole));
        total = total.add(amount.multiply(nanos));
      }
      if (fraction && end > whole + 1) {
        String part = rest.substring(whole + 1, end);
        total = total.add(new BigInteger(part).multiply(nanos).divide(BigInteger.TEN.pow(part.length())));
      }
      if (total.compareTo(LIMIT) > 0) {
        throw invalid(text);
      }
      rest = rest.substring(unitEnd);
    }
    if (!negative && total.equals(LIMIT)) {
      throw invalid(text);
    }
    return (negative ? total.negate() : total).longValueExact();
  }

  private static int digits(String text, int from) {
    int end = from;
    while (end < text.length() && digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long nanosOf(String unit, String text) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs", "μs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> 1_000_000_000;
      case "m" -> 60_000_000_000L;
      case "h" -> 3_600_000_000_000L;
      default ->
          throw new SyntaxException("time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
    };
  }

  private static SyntaxException invalid(String text) {
    return new SyntaxException("time: invalid duration " + GoText.quote(text));
  }

  /// Writes a duration.
  public static String print(Duration duration) {
    long nanos = duration.toNanos();
    BigInteger size = BigInteger.valueOf(nanos).abs();
    String sign = nanos < 0 ? "-" : "";
    if (nanos == 0) {
      return "0s";
    }
    long small = size.longValue();
    if (size.compareTo(BigInteger.valueOf(1_000_000_000)) < 0) {
      if (small < 1_000) {
        return sign + small + "ns";
      }
      return sign
          + (small < 1_000_000 ? decimal(small, 3) + "µs" : decimal(small, 6) + "ms");
    }
    BigInteger[] minutes = size.divideAndRemainder(BigInteger.valueOf(60_000_000_000L));
    String seconds = decimal(minutes[1].longValue(), 9) + "s";
    long allMinutes = minutes[0].longValue();
    if (allMinutes == 0) {
      return sign + seconds;
    }
    long hours = allMinutes / 60;
    return sign + (hours > 0 ? hours + "h" : "") + allMinutes % 60 + "m" + seconds;
  }

  private static String decimal(long value, int places) {
    return java.math.BigDecimal.valueOf(value, places).stripTrailingZeros().toPlainString();
  }
}
