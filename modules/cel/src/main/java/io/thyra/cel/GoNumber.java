package io.thyra.cel;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Numbers as Go's fmt prints them.
final class GoNumber {
  // From here on `%g` needs an exponent.
  private static final int EXPONENT_MAX = 6;
  private static final int EXPONENT_MIN = -4;

  private GoNumber() {}

  /// `%g` with the fewest digits that read back the same.
  static String shortest(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = exact.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - exact.scale();
    if (exponent >= EXPONENT_MIN && exponent < EXPONENT_MAX) {
      return exact.toPlainString();
    }
    String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
    return (value < 0 ? "-" : "") + digits.charAt(0) + fraction + exponent(exponent);
  }

  private static String exponent(int exponent) {
    return "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
  }

  /// All digits, none after the point that do not count.
  static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  /// `%.Nf` in English: thousands are set apart.
  static String fixed(double value, int precision) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    String plain = new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).abs().toPlainString();
    int point = plain.indexOf('.');
    String whole = point < 0 ? plain : plain.substring(0, point);
    var out = new StringBuilder(value < 0 || 1 / value < 0 ? "-" : "");
    for (int i = 0; i < whole.length(); i++) {
      if (i > 0 && (whole.length() - i) % 3 == 0) {
        out.append(',');
      }
      out.append(whole.charAt(i));
    }
    return out.append(point < 0 ? "" : plain.substring(point)).toString();
  }

  /// Digits without grouping.
  static String ungrouped(double value, int precision) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? shortest(value)
        : new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
  }

  /// `%.Ne` in English: a power of ten in superscript.
  static String scientific(double value, int precision) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = exact.signum() == 0 ? exact : exact.round(new java.math.MathContext(precision + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa = rounded.movePointLeft(exponent).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    String power = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    var out = new StringBuilder(mantissa).append(" × 10").append(exponent < 0 ? "⁻" : "");
    power.chars().forEach(c -> out.append("⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(c - '0')));
    return out.toString();
  }
}
