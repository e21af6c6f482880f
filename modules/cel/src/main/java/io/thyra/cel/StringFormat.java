package io.thyra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import io.thyra.model.GoText;
import io.thyra.model.NullValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// `'…'.format([…])`. Source: cel-go ext/formatting.go.
final class StringFormat {
  private static final int PRECISION = 6;
  private static final Set<String> STRING_TYPES =
      Set.of(
          "list", "map", "int", "uint", "double", "bool", "string", "google.protobuf.Timestamp", "bytes",
          "google.protobuf.Duration", "type", "null_type");

  private final String format;
  private final List<?> arguments;
  private int at;
  private int next;

  private StringFormat(String format, List<?> arguments) {
    this.format = format;
    this.arguments = arguments;
  }

  static String format(String format, List<?> arguments) {
    return new StringFormat(format, arguments).run();
  }

  /// What is wrong with a format whose arguments are known by their types alone.
  ///
  /// @param argument the position of the argument at fault, negative when it is the format itself
  record Problem(int argument, String message) {}

  /// @param types the names of types, `dyn` for those that only the evaluation will tell
  static Optional<Problem> findProblem(String format, List<String> types) {
    var check = new StringFormat(format, types);
    try {
      check.check(types);
    } catch (EvaluationException e) {
      boolean ofArgument = e.getMessage().startsWith("error during formatting: ");
      return Optional.of(new Problem(ofArgument ? check.next - 1 : -1, e.getMessage()));
    }
    return check.next < types.size()
        ? Optional.of(
            new Problem(
                -1, "too many arguments supplied to string.format (expected " + check.next + ", got " + types.size() + ")"))
        : Optional.empty();
  }

  private void check(List<String> types) {
    while (at < format.length()) {
      if (format.charAt(at++) != '%') {
        continue;
      }
      if (at < format.length() && format.charAt(at) == '%') {
        at++;
        continue;
      }
      if (next >= types.size()) {
        throw new EvaluationException("index " + next + " out of range");
      }
      if (at >= format.length()) {
        throw new EvaluationException("unexpected end of string");
      }
      String type = types.get(next++);
      precision();
      if (at >= format.length()) {
        throw new EvaluationException("could not parse formatting clause: unexpected end of string");
      }
      char verb = format.charAt(at++);
      switch (verb) {
        case 's' -> allow(type, STRING_WORDS, STRING_TYPES);
        case 'd' -> allow(type, "decimal clause can only be used on integers", Set.of("int", "uint"));
        case 'f' -> allow(type, "fixed-point clause can only be used on doubles", Set.of("double", "string"));
        case 'e' -> allow(type, "scientific clause can only be used on doubles", Set.of("double", "string"));
        case 'b' -> allow(type, "only integers and bools can be formatted as binary", Set.of("int", "uint", "bool"));
        case 'x', 'X' ->
            allow(
                type,
                "only integers, byte buffers, and strings can be formatted as hex",
                Set.of("int", "uint", "string", "bytes"));
        case 'o' -> allow(type, "octal clause can only be used on integers", Set.of("int", "uint"));
        default ->
            throw new EvaluationException("could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
      }
    }
  }

  private static void allow(String type, String words, Set<String> allowed) {
    if (!type.equals("dyn") && !allowed.contains(type)) {
      throw new EvaluationException("error during formatting: " + words + ", was given " + type);
    }
  }

  private String run() {
    var out = new StringBuilder();
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        out.append(c);
      } else if (at < format.length() && format.charAt(at) == '%') {
        out.append('%');
        at++;
      } else {
        if (next >= arguments.size()) {
          throw new EvaluationException("index " + next + " out of range");
        }
        if (at >= format.length()) {
          throw new EvaluationException("unexpected end of string");
        }
        out.append(clause(arguments.get(next++)));
      }
    }
    return out.toString();
  }

  private String clause(Object argument) {
    int precision = precision();
    if (at >= format.length()) {
      throw new EvaluationException("could not parse formatting clause: unexpected end of string");
    }
    char verb = format.charAt(at++);
    return switch (verb) {
      case 's' -> text(argument);
      case 'd' -> decimal(argument);
      case 'f' -> GoNumber.fixed(floating(argument, "fixed-point clause"), precision);
      case 'e' -> GoNumber.scientific(floating(argument, "scientific clause"), precision);
      case 'b' -> binary(argument);
      case 'x' -> hex(argument);
      case 'X' -> hex(argument).toUpperCase(Locale.ROOT);
      case 'o' -> octal(argument);
      default ->
          throw new EvaluationException("could not parse formatting clause: unrecognized formatting clause \"" + verb + "\"");
    };
  }

  private int precision() {
    if (format.charAt(at) != '.') {
      return PRECISION;
    }
    int start = ++at;
    while (at < format.length() && Character.isDigit(format.charAt(at))) {
      at++;
    }
    if (start == at || at - start > 4) {
      throw new EvaluationException("could not parse formatting clause: error while parsing precision: could not convert precision to integer");
    }
    return Integer.parseInt(format.substring(start, at));
  }

  private static EvaluationException wrong(String words, Object argument) {
    return new EvaluationException("error during formatting: " + words + ", was given " + CelValues.typeName(argument));
  }

  private static String text(Object argument) {
    return switch (argument) {
      case List<?> list -> list(list);
      case CelMap map -> map(map);
      case NullValue _ -> "null";
      case Opaque opaque -> throw wrong(STRING_WORDS, opaque);
      default -> {
        if (argument instanceof Optional<?>) {
          throw wrong(STRING_WORDS, argument);
        }
        yield CelValues.print(argument);
      }
    };
  }

  private static final String STRING_WORDS =
      "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps";

  private static String decimal(Object argument) {
    if (argument instanceof Long || argument instanceof UnsignedLong) {
      return argument.toString();
    }
    throw wrong("decimal clause can only be used on integers", argument);
  }

  private static double floating(Object argument, String clause) {
    return switch (argument) {
      case Double number -> number;
      case String text when text.equals("NaN") -> Double.NaN;
      case String text when text.equals("Infinity") -> Double.POSITIVE_INFINITY;
      case String text when text.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
      default -> throw wrong(clause + " can only be used on doubles", argument);
    };
  }

  private static String binary(Object argument) {
    return switch (argument) {
      case Long number -> (number < 0 ? "-" : "") + Long.toUnsignedString(Math.abs(number), 2);
      case UnsignedLong number -> Long.toUnsignedString(number.longValue(), 2);
      case Boolean bool -> bool ? "1" : "0";
      default -> throw wrong("only integers and bools can be formatted as binary", argument);
    };
  }

  private static String hex(Object argument) {
    return switch (argument) {
      case Long number -> (number < 0 ? "-" : "") + Long.toUnsignedString(Math.abs(number), 16);
      case UnsignedLong number -> Long.toUnsignedString(number.longValue(), 16);
      case String text -> HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
      case CelByteString bytes -> HexFormat.of().formatHex(bytes.toByteArray());
      default -> throw wrong("only integers, byte buffers, and strings can be formatted as hex", argument);
    };
  }

  private static String octal(Object argument) {
    return switch (argument) {
      case Long number -> (number < 0 ? "-" : "") + Long.toUnsignedString(Math.abs(number), 8);
      case UnsignedLong number -> Long.toUnsignedString(number.longValue(), 8);
      default -> throw wrong("octal clause can only be used on integers", argument);
    };
  }

  private static String list(List<?> list) {
    var out = new StringBuilder("[");
    for (int i = 0; i < list.size(); i++) {
      out.append(i == 0 ? "" : ", ").append(nested(list.get(i)));
    }
    return out.append(']').toString();
  }

  private static String map(CelMap map) {
    var entries = new TreeMap<String, String>();
    for (Object key : map.keys()) {
      entries.put(nested(key), nested(Objects.requireNonNull(map.find(key))));
    }
    var out = new StringBuilder("{");
    for (Map.Entry<String, String> entry : entries.entrySet()) {
      out.append(out.length() == 1 ? "" : ", ").append(entry.getKey()).append(':').append(entry.getValue());
    }
    return out.append('}').toString();
  }

  /// A value inside of a list or map.
  private static String nested(Object value) {
    return switch (value) {
      case String text -> GoText.quote(text);
      case CelByteString bytes -> "b" + GoText.quote(bytes.toStringUtf8());
      case Double number ->
          Double.isNaN(number) || Double.isInfinite(number)
              ? GoText.quote(GoNumber.shortest(number))
              : GoNumber.ungrouped(number, PRECISION);
      case Instant instant -> "timestamp(" + GoText.quote(CelValues.print(instant)) + ")";
      case Duration duration -> "duration(" + GoText.quote(CelValues.print(duration)) + ")";
      default -> text(value);
    };
  }
}
