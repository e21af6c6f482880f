package io.thyra.machinery;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.math.BigDecimal;
import java.util.TreeSet;

/// Trees as Go's fmt prints them once they are maps and slices: `map[a:1 b:[x y]]`. Integers are int64 there, other
/// numbers float64.
public final class GoPrint {
  private GoPrint() {}

  /// The value as `%v` prints it.
  public static String value(Value value) {
    var out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, Value value) {
    switch (value) {
      case StringValue(String text) -> out.append(text);
      case IntegerValue(long number) -> out.append(number);
      case DecimalValue decimal -> out.append(decimal(decimal.doubleValue()));
      case BooleanValue truth -> out.append(truth);
      case NullValue _ -> out.append("<nil>");
      case ListValue list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : " ");
          append(out, list.get(i));
        }
        out.append(']');
      }
      case ObjectValue object -> {
        out.append("map[");
        boolean first = true;
        for (String name : new TreeSet<>(object.names())) {
          out.append(first ? "" : " ").append(name).append(':');
          Value field = object.get(name);
          append(out, field == null ? NullValue.NULL : field);
          first = false;
        }
        out.append(']');
      }
    }
  }

  /// A float as `%v` prints it: shortest digits, an exponent of two digits or more below 1e-4 and from a million on.
  public static String decimal(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent >= -4 && exponent < 6) {
      return shortest.toPlainString();
    }
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return (value < 0 ? "-" : "") + mantissa + "e%+03d".formatted(exponent);
  }

  /// The Go type of a value, as reflection names it; `%!s(<nil>)` for null, which has none.
  static String typeName(Value value) {
    return switch (value) {
      case StringValue _ -> "string";
      case IntegerValue _ -> "int64";
      case DecimalValue _ -> "float64";
      case BooleanValue _ -> "bool";
      case ListValue _ -> "[]interface {}";
      case ObjectValue _ -> "map[string]interface {}";
      case NullValue _ -> "%!s(<nil>)";
    };
  }

  /// The value as `%s` prints it: anything but a string says what it is.
  static String verbS(Value value) {
    return switch (value) {
      case StringValue(String text) -> text;
      case IntegerValue(long number) -> "%!s(int64=" + number + ")";
      case DecimalValue decimal -> "%!s(float64=" + decimal(decimal.doubleValue()) + ")";
      case BooleanValue truth -> "%!s(bool=" + truth + ")";
      case NullValue _ -> "%!s(<nil>)";
      case ListValue list -> {
        var out = new StringBuilder("[");
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : " ").append(verbS(list.get(i)));
        }
        yield out.append(']').toString();
      }
      case ObjectValue object -> {
        var out = new StringBuilder("map[");
        boolean first = true;
        for (String name : new TreeSet<>(object.names())) {
          Value field = object.get(name);
          out.append(first ? "" : " ").append(name).append(':').append(verbS(field == null ? NullValue.NULL : field));
          first = false;
        }
        yield out.append(']').toString();
      }
    };
  }
}
