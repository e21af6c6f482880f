package io.thyra.model;

import java.math.BigDecimal;

/// Floating-point numbers in the form that Go's encoding/json prints: the shortest digits that read back the same,
/// with an exponent only below 1e-6 and from 1e21 on.
public final class GoFloat {
  private GoFloat() {}

  public static String print(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    double size = Math.abs(value);
    BigDecimal shortest = new BigDecimal(Double.toString(value));
    if (size >= 1e-6 && size < 1e21) {
      String plain = shortest.stripTrailingZeros().toPlainString();
      return plain;
    }
    BigDecimal stripped = shortest.stripTrailingZeros();
    String digits = stripped.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - stripped.scale();
    StringBuilder out = new StringBuilder();
    if (value < 0) {
      out.append('-');
    }
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append('e').append(exponent < 0 ? '-' : '+').append(Math.abs(exponent));
    return out.toString();
  }
}
