package io.thyra.codec;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Times as metav1.Time and MicroTime read and print them, with the errors of Go's time.Parse.
/// Source: Go's time/format.go; apimachinery pkg/apis/meta/v1/time.go and micro_time.go.
public final class GoTime {
  static final String SECONDS_LAYOUT = "2006-01-02T15:04:05Z07:00";
  static final String MICROS_LAYOUT = "2006-01-02T15:04:05.000000Z07:00";
  // 0001-01-01T00:00:00Z, the zero of Go's time.Time.
  static final long ZERO_SECONDS = -62_135_596_800L;

  private GoTime() {}

  /// The canonical text of a time in whole seconds; null when it is Go's zero time.
  ///
  /// @throws DecodeException when the text is no time
  static @Nullable String canonicalSeconds(String text) {
    if (isPlainSeconds(text)) {
      return text.equals("0001-01-01T00:00:00Z") ? null : text;
    }
    Parser parsed = new Parser(text, false).parse();
    return parsed.seconds == ZERO_SECONDS && parsed.nanos == 0 ? null : printSeconds(parsed.seconds);
  }

  /// The canonical text of a time in microseconds; null when it is Go's zero time.
  ///
  /// @throws DecodeException when the text is no time
  static @Nullable String canonicalMicros(String text) {
    Parser parsed = new Parser(text, true).parse();
    return parsed.seconds == ZERO_SECONDS && parsed.nanos == 0 ? null : printMicros(parsed.seconds, parsed.nanos);
  }

  /// Seconds since 1970 of a canonical text, with or without a fraction.
  ///
  /// @throws DecodeException when the text is no time
  public static long epochSeconds(String text) {
    if (isPlainSeconds(text)) {
      LocalDate day = LocalDate.of(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
      return day.toEpochDay() * 86_400 + two(text, 11) * 3_600L + two(text, 14) * 60L + two(text, 17);
    }
    return new Parser(text, false).parse().seconds;
  }

  /// The nanoseconds of the fraction of a canonical text.
  static int nanos(String text) {
    return isPlainSeconds(text) ? 0 : new Parser(text, false).parse().nanos;
  }

  /// `2006-01-02T15:04:05Z`.
  public static String printSeconds(long epochSeconds) {
    return print(epochSeconds).append('Z').toString();
  }

  /// `2006-01-02T15:04:05.000000Z`.
  public static String printMicros(long epochSeconds, int nanos) {
    StringBuilder out = print(epochSeconds).append('.');
    pad(out, nanos / 1000, 6);
    return out.append('Z').toString();
  }

  private static StringBuilder print(long epochSeconds) {
    LocalDateTime time = LocalDateTime.ofEpochSecond(epochSeconds, 0, ZoneOffset.UTC);
    var out = new StringBuilder(27);
    pad(out, time.getYear(), 4);
    pad(out.append('-'), time.getMonthValue(), 2);
    pad(out.append('-'), time.getDayOfMonth(), 2);
    pad(out.append('T'), time.getHour(), 2);
    pad(out.append(':'), time.getMinute(), 2);
    pad(out.append(':'), time.getSecond(), 2);
    return out;
  }

  private static void pad(StringBuilder out, int number, int width) {
    int smallest = 10;
    for (int place = 1; place < width; place++, smallest *= 10) {
      if (number < smallest) {
        out.append('0');
      }
    }
    out.append(number);
  }

  /// Whether a text is a valid time in exactly the canonical form, checked without parsing it.
  private static boolean isPlainSeconds(String text) {
    if (text.length() != 20 || text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(10) != 'T'
        || text.charAt(13) != ':' || text.charAt(16) != ':' || text.charAt(19) != 'Z') {
      return false;
    }
    int century = two(text, 0);
    int year = two(text, 2);
    int month = two(text, 5);
    int day = two(text, 8);
    // Days 29 to 31 take the slow way.
    return century >= 0 && year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28
        && within(two(text, 11), 23) && within(two(text, 14), 59) && within(two(text, 17), 59);
  }

  private static boolean within(int number, int max) {
    return number >= 0 && number <= max;
  }

  private static int two(String text, int at) {
    int tens = text.charAt(at) - '0';
    int ones = text.charAt(at + 1) - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }

  /// One reading of a text along Go's layout.
  private static final class Parser {
    private final String text;
    private final boolean micros;
    private String rest;
    private long seconds;
    private int nanos;

    Parser(String text, boolean micros) {
      this.text = text;
      this.micros = micros;
      this.rest = text;
    }

    Parser parse() {
      if (rest.length() < 4 || !digit(0)) {
        throw cannot("2006");
      }
      int year = 0;
      for (int i = 0; i < 4; i++) {
        if (!digit(i)) {
          throw cannot("2006");
        }
        year = year * 10 + rest.charAt(i) - '0';
      }
      rest = rest.substring(4);
      literal("-");
      int month = number("01", true);
      if (month < 1 || month > 12) {
        throw outOfRange("month");
      }
      literal("-");
      int day = number("02", true);
      literal("T");
      int hour = number("15", false);
      if (hour > 23) {
        throw outOfRange("hour");
      }
      literal(":");
      int minute = number("04", true);
      if (minute > 59) {
        throw outOfRange("minute");
      }
      literal(":");
      int second = number("05", true);
      if (second > 59) {
        throw outOfRange("second");
      }
      fraction();
      int offset = zone();
      if (!rest.isEmpty()) {
        throw new DecodeException("parsing time " + quoted(text) + ": extra text: " + quoted(rest));
      }
      if (day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
        throw outOfRange("day");
      }
      seconds = LocalDateTime.of(year, month, day, hour, minute, second).toEpochSecond(ZoneOffset.UTC) - offset;
      return this;
    }

    private void fraction() {
      if (micros) {
        if (rest.length() < 7 || rest.charAt(0) != '.' && rest.charAt(0) != ',') {
          throw cannot(".000000");
        }
        for (int i = 1; i < 7; i++) {
          if (!digit(i)) {
            throw cannot(".000000");
          }
        }
        nanos = Integer.parseInt(rest, 1, 7, 10) * 1000;
        rest = rest.substring(7);
      } else if (rest.length() >= 2 && (rest.charAt(0) == '.' || rest.charAt(0) == ',') && digit(1)) {
        int end = 1;
        while (end < rest.length() && digit(end)) {
          end++;
        }
        int kept = Math.min(end, 10);
        nanos = Integer.parseInt(rest, 1, kept, 10);
        for (int i = kept; i < 10; i++) {
          nanos *= 10;
        }
        rest = rest.substring(end);
      }
    }

    private int zone() {
      if (rest.startsWith("Z")) {
        rest = rest.substring(1);
        return 0;
      }
      if (rest.length() < 6 || rest.charAt(3) != ':') {
        throw cannot("Z07:00");
      }
      String zone = rest;
      rest = rest.substring(6);
      int hours = two(zone, 1);
      int minutes = two(zone, 4);
      if (hours < 0 || minutes < 0 || zone.charAt(0) != '+' && zone.charAt(0) != '-') {
        throw cannot("Z07:00");
      }
      if (hours > 24) {
        throw outOfRange("time zone offset hour");
      }
      if (minutes > 60) {
        throw outOfRange("time zone offset minute");
      }
      int offset = (hours * 60 + minutes) * 60;
      return zone.charAt(0) == '-' ? -offset : offset;
    }

    private int number(String element, boolean fixed) {
      if (rest.isEmpty() || !digit(0)) {
        throw cannot(element);
      }
      if (rest.length() < 2 || !digit(1)) {
        if (fixed) {
          throw cannot(element);
        }
        int number = rest.charAt(0) - '0';
        rest = rest.substring(1);
        return number;
      }
      int number = two(rest, 0);
      rest = rest.substring(2);
      return number;
    }

    private void literal(String literal) {
      if (!rest.startsWith(literal)) {
        throw cannot(literal);
      }
      rest = rest.substring(1);
    }

    private boolean digit(int at) {
      return rest.charAt(at) >= '0' && rest.charAt(at) <= '9';
    }

    private DecodeException cannot(String element) {
      return new DecodeException(
          "parsing time " + quoted(text) + " as " + quoted(micros ? MICROS_LAYOUT : SECONDS_LAYOUT) + ": cannot parse "
              + quoted(rest) + " as " + quoted(element));
    }

    private DecodeException outOfRange(String what) {
      return new DecodeException("parsing time " + quoted(text) + ": " + what + " out of range");
    }
  }

  /// As package time quotes: bytes that are no printable ASCII by their numbers.
  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      if (one < ' ') {
        out.append("\\x").append(HexFormat.of().toHexDigits(one));
      } else {
        if (one == '"' || one == '\\') {
          out.append('\\');
        }
        out.append((char) one);
      }
    }
    return out.append('"').toString();
  }
}
