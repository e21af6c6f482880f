package io.thyra.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts of flags as values, with the errors of Go's strconv and pflag.
final class FlagValues {
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]*\\.?[0-9]*)(ns|us|µs|μs|ms|s|m|h)");
  private static final Map<String, BigDecimal> NANOSECONDS =
      Map.of(
          "ns", BigDecimal.ONE,
          "us", BigDecimal.valueOf(1_000),
          "µs", BigDecimal.valueOf(1_000),
          "μs", BigDecimal.valueOf(1_000),
          "ms", BigDecimal.valueOf(1_000_000),
          "s", BigDecimal.valueOf(1_000_000_000L),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));

  private FlagValues() {}

  /// Refuses a text that its flag's type cannot read.
  static void check(Flag flag, String value) {
    String why =
        switch (flag.type()) {
          case BOOL -> isBool(value) ? null : "strconv.ParseBool: parsing \"" + value + "\": invalid syntax";
          case INT -> isInt(value) ? null : "strconv.ParseInt: parsing \"" + value + "\": invalid syntax";
          case FLOAT -> isFloat(value) ? null : "strconv.ParseFloat: parsing \"" + value + "\": invalid syntax";
          case DURATION -> isDuration(value) ? null : "time: invalid duration \"" + value + "\"";
          case IP -> isAddress(value) ? null : "failed to parse IP: \"" + value + "\"";
          case MAP ->
              commaSeparated(value).stream().allMatch(pair -> pair.contains("="))
                  ? null
                  : "malformed pair, expect string=string";
          case STRING, STRINGS, STRING_ARRAY, INTS -> null;
        };
    if (why != null) {
      String shown = flag.name().length() == 1 ? "-" + flag.name() + ", --" + flag.name() : "--" + flag.name();
      throw new ConfigException("invalid argument \"" + value + "\" for \"" + shown + "\" flag: " + why);
    }
  }

  private static boolean isBool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False" -> true;
      default -> false;
    };
  }

  static boolean bool(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      default -> false;
    };
  }

  private static boolean isInt(String text) {
    try {
      Integer.parseInt(text);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static boolean isFloat(String text) {
    try {
      Double.parseDouble(text);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static boolean isDuration(String text) {
    try {
      duration(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  // Digits, dots and colons only, so that nothing is looked up.
  private static boolean isAddress(String text) {
    if (text.isEmpty() || !text.matches("[0-9a-fA-F:.]+") || !(text.contains(":") || text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+"))) {
      return false;
    }
    try {
      java.net.InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// A Go duration text such as 1m30s.
  static Duration duration(String text) {
    String body = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    if (body.equals("0")) {
      return Duration.ZERO;
    }
    Matcher parts = DURATION_PART.matcher(body);
    BigDecimal nanos = BigDecimal.ZERO;
    int end = 0;
    while (end < body.length() && parts.find(end) && parts.start() == end && !parts.group(1).isEmpty() && !parts.group(1).equals(".")) {
      nanos = nanos.add(new BigDecimal("0" + parts.group(1)).multiply(NANOSECONDS.get(parts.group(2))));
      end = parts.end();
    }
    if (end == 0 || end != body.length()) {
      throw new IllegalArgumentException("invalid duration");
    }
    Duration size = Duration.ofNanos(nanos.longValue());
    return text.startsWith("-") ? size.negated() : size;
  }

  /// A duration as Go prints it, such as 1m30s.
  static String print(Duration duration) {
    long nanos = duration.abs().toNanos();
    String sign = duration.isNegative() ? "-" : "";
    if (nanos == 0) {
      return "0s";
    }
    if (nanos < 1_000_000_000L) {
      return sign + (nanos < 1_000 ? nanos + "ns" : nanos < 1_000_000 ? decimal(nanos, 3) + "µs" : decimal(nanos, 6) + "ms");
    }
    long seconds = nanos / 1_000_000_000L;
    long hours = seconds / 3600;
    long minutes = seconds / 60 % 60;
    String rest = decimal(nanos - (hours * 3600 + minutes * 60) * 1_000_000_000L, 9) + "s";
    return sign + (hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "") + rest;
  }

  private static String decimal(long number, int places) {
    return BigDecimal.valueOf(number, places).stripTrailingZeros().toPlainString();
  }

  /// A text split at commas, quotes respected as in CSV.
  static List<String> commaSeparated(String text) {
    var parts = new ArrayList<String>();
    if (text.isEmpty()) {
      return parts;
    }
    var part = new StringBuilder();
    boolean quoted = false;
    for (char c : text.toCharArray()) {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
