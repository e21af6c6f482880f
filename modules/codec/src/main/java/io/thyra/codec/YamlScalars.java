package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.NullValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// What plain scalars mean in the YAML that upstream reads: YAML 1.1 booleans (`yes`, `on`, `n`), octal with a leading
/// zero, underscores in numbers, dates that stay text. Source: go.yaml.in/yaml/v2 resolve.go.
final class YamlScalars {
  private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private YamlScalars() {}

  /// The value of a plain scalar. Infinities and NaN are decimals that JSON cannot write.
  static Value resolve(String text) {
    Value word = word(text);
    if (word != null) {
      return word;
    }
    char first = text.charAt(0);
    if (first == '.') {
      return floating(text) && digit(text, 1) ? decimal(text) : new StringValue(text);
    }
    if (first != '+' && first != '-' && !digit(text, 0) || isTimestamp(text)) {
      return new StringValue(text);
    }
    String plain = text.replace("_", "");
    Value integer = integer(plain);
    if (integer != null) {
      return integer;
    }
    return floating(plain) ? decimal(plain) : new StringValue(text);
  }

  /// Whether a text would be read as anything but itself when it stands without quotes.
  static boolean isAmbiguous(String text) {
    return !(resolve(text) instanceof StringValue) || isTimestamp(text) || text.equals("<<") || isBase60(text);
  }

  private static @Nullable Value word(String text) {
    return switch (text) {
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" -> BooleanValue.TRUE;
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" -> BooleanValue.FALSE;
      case "", "~", "null", "Null", "NULL" -> NullValue.NULL;
      case ".nan", ".NaN", ".NAN" -> new DecimalValue("NaN");
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> new DecimalValue("+Inf");
      case "-.inf", "-.Inf", "-.INF" -> new DecimalValue("-Inf");
      default -> null;
    };
  }

  static @Nullable Value integer(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    int radix = 10;
    if (digits.length() > 1 && digits.charAt(0) == '0') {
      switch (digits.charAt(1)) {
        case 'x', 'X' -> radix = 16;
        case 'b', 'B' -> radix = 2;
        case 'o', 'O' -> radix = 8;
        default -> {
          radix = 8;
          digits = "0o" + digits.substring(1);
        }
      }
      digits = digits.substring(2);
    }
    if (digits.isEmpty() || digits.length() > 64) {
      return null;
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) > 'f' || Character.digit(digits.charAt(i), radix) < 0) {
        return null;
      }
    }
    BigInteger number = new BigInteger(negative ? "-" + digits : digits, radix);
    if (number.bitLength() < 64) {
      return new IntegerValue(number.longValue());
    }
    // Go reads unsigned numbers only without a sign.
    return number.signum() > 0 && number.compareTo(UNSIGNED_MAX) <= 0 && !text.startsWith("+")
        ? new DecimalValue(number.toString())
        : null;
  }

  private static Value decimal(String text) {
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? new StringValue(text) : Scalars.floating(value);
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
  private static boolean floating(String text) {
    int at = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int whole = digits(text, at);
    at += whole;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      if (whole == 0 && fraction == 0) {
        return false;
      }
      at += 1 + fraction;
    } else if (whole == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      int exponent = digits(text, at);
      if (exponent == 0) {
        return false;
      }
      at += exponent;
    }
    return at == text.length();
  }

  private static int digits(String text, int from) {
    int at = from;
    while (digit(text, at)) {
      at++;
    }
    return at - from;
  }

  private static boolean digit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  /// Dates and times stay text when they are read, but are quoted when they are written.
  static boolean isTimestamp(String text) {
    if (digits(text, 0) != 4 || text.length() < 8 || text.charAt(4) != '-') {
      return false;
    }
    int at = 5;
    int month = digits(text, at);
    at += month;
    if (month < 1 || month > 2 || at >= text.length() || text.charAt(at) != '-') {
      return false;
    }
    int monthNumber = Integer.parseInt(text, 5, at, 10);
    int dayFrom = ++at;
    int day = digits(text, at);
    at += day;
    if (day < 1 || day > 2 || monthNumber < 1 || monthNumber > 12) {
      return false;
    }
    int dayNumber = Integer.parseInt(text, dayFrom, at, 10);
    if (dayNumber < 1 || dayNumber > java.time.YearMonth.of(Integer.parseInt(text, 0, 4, 10), monthNumber).lengthOfMonth()) {
      return false;
    }
    return at == text.length() || isTimeOfDay(text, at);
  }

  private static boolean isTimeOfDay(String text, int from) {
    char separator = text.charAt(from);
    if (separator != 'T' && separator != 't' && separator != ' ') {
      return false;
    }
    int at = from + 1;
    int[] max = {23, 59, 59};
    for (int i = 0; i < 3; i++) {
      int length = digits(text, at);
      if (length < 1 || length > 2 || Integer.parseInt(text, at, at + length, 10) > max[i]) {
        return false;
      }
      at += length;
      if (i < 2 && (at >= text.length() || text.charAt(at++) != ':')) {
        return false;
      }
    }
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1);
      if (fraction == 0) {
        return false;
      }
      at += 1 + fraction;
    }
    if (separator == ' ') {
      return at == text.length();
    }
    if (at < text.length() && text.charAt(at) == 'Z') {
      return at + 1 == text.length();
    }
    return text.length() == at + 6 && (text.charAt(at) == '+' || text.charAt(at) == '-') && digits(text, at + 1) == 2
        && text.charAt(at + 3) == ':' && digits(text, at + 4) == 2;
  }

  /// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: numbers to other parsers.
  private static boolean isBase60(String text) {
    if (text.indexOf(':') < 0) {
      return false;
    }
    int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    if (!digit(text, at)) {
      return false;
    }
    while (digit(text, at) || at < text.length() && text.charAt(at) == '_') {
      at++;
    }
    int groups = 0;
    while (at < text.length() && text.charAt(at) == ':') {
      int length = digits(text, at + 1);
      if (length < 1 || length > 2 || length == 2 && text.charAt(at + 1) > '5') {
        return false;
      }
      at += 1 + length;
      groups++;
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      while (digit(text, at) || at < text.length() && text.charAt(at) == '_') {
        at++;
      }
    }
    return groups > 0 && at == text.length();
  }

  /// A float as Go's `%g` with the shortest digits prints it.
  static String printFloat(double value) {
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    // Go decides as if six digits had been asked for.
    if (value == 0 || exponent >= -4 && exponent < 6) {
      return value == 0 ? "0" : shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    String sign = value < 0 ? "-" : "";
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    String size = Integer.toString(Math.abs(exponent));
    return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + (size.length() < 2 ? "0" + size : size);
  }
}
