package io.thyra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import io.thyra.machinery.GoDuration;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.NullValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the functions and operators of CEL itself do, and those on optionals; those that may leave an argument alone are steps of
/// their own. Source: cel-go common/stdlib, common/types, cel/library.go.
final class StandardFunctions {
  private static final Pattern RFC3339 =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})");
  private static final Pattern OFFSET = Pattern.compile("([+-]?)(\\d{1,2}):(\\d{2})");
  private static final Map<String, Overload.Body> FUNCTIONS = new HashMap<>();

  static {
    FUNCTIONS.put("_+_", a -> Arithmetic.add(a[0], a[1]));
    FUNCTIONS.put("_-_", a -> Arithmetic.subtract(a[0], a[1]));
    FUNCTIONS.put("_*_", a -> Arithmetic.multiply(a[0], a[1]));
    FUNCTIONS.put("_/_", a -> Arithmetic.divide(a[0], a[1]));
    FUNCTIONS.put("_%_", a -> Arithmetic.modulo(a[0], a[1]));
    FUNCTIONS.put("-_", a -> Arithmetic.negate(a[0]));
    FUNCTIONS.put("!_", a -> !bool(a[0]));
    FUNCTIONS.put("_<_", a -> CelValues.compare(a[0], a[1]) < 0);
    FUNCTIONS.put("_<=_", a -> CelValues.compare(a[0], a[1]) <= 0);
    FUNCTIONS.put("_>_", a -> CelValues.compare(a[0], a[1]) > 0);
    FUNCTIONS.put("_>=_", a -> CelValues.compare(a[0], a[1]) >= 0);
    FUNCTIONS.put("_==_", a -> CelValues.equal(a[0], a[1]));
    FUNCTIONS.put("_!=_", a -> !CelValues.equal(a[0], a[1]));
    FUNCTIONS.put("@in", a -> in(a[0], a[1]));
    FUNCTIONS.put("_[_]", a -> index(a[0], a[1]));
    FUNCTIONS.put("size", a -> CelValues.size(a[0]));
    FUNCTIONS.put("type", a -> new TypeValue(CelValues.typeName(a[0])));
    FUNCTIONS.put("dyn", a -> a[0]);
    FUNCTIONS.put("bool", a -> toBool(a[0]));
    FUNCTIONS.put("bytes", a -> toBytes(a[0]));
    FUNCTIONS.put("double", a -> toDouble(a[0]));
    FUNCTIONS.put("duration", a -> toDuration(a[0]));
    FUNCTIONS.put("int", a -> toInt(a[0]));
    FUNCTIONS.put("string", a -> toText(a[0]));
    FUNCTIONS.put("timestamp", a -> toTimestamp(a[0]));
    FUNCTIONS.put("uint", a -> toUint(a[0]));
    FUNCTIONS.put("contains", a -> text(a[0]).contains(text(a[1])));
    FUNCTIONS.put("startsWith", a -> text(a[0]).startsWith(text(a[1])));
    FUNCTIONS.put("endsWith", a -> text(a[0]).endsWith(text(a[1])));
    FUNCTIONS.put("matches", a -> Regexes.matches(text(a[0]), text(a[1])));
    time("getFullYear", ZonedDateTime::getYear, null);
    time("getMonth", t -> t.getMonthValue() - 1L, null);
    time("getDayOfYear", t -> t.getDayOfYear() - 1L, null);
    time("getDayOfMonth", t -> t.getDayOfMonth() - 1L, null);
    time("getDate", ZonedDateTime::getDayOfMonth, null);
    time("getDayOfWeek", t -> t.getDayOfWeek().getValue() % 7, null);
    time("getHours", ZonedDateTime::getHour, Duration::toHours);
    time("getMinutes", ZonedDateTime::getMinute, Duration::toMinutes);
    time("getSeconds", ZonedDateTime::getSecond, Duration::toSeconds);
    time("getMilliseconds", t -> t.getNano() / 1_000_000, Duration::toMillis);
    FUNCTIONS.put("optional.of", a -> Optional.of(a[0]));
    FUNCTIONS.put("optional.ofNonZeroValue", a -> CelValues.isZero(a[0]) ? Optional.empty() : Optional.of(a[0]));
    FUNCTIONS.put("optional.none", _ -> Optional.empty());
    FUNCTIONS.put("value", a -> optional(a[0]).orElseThrow(() -> new EvaluationException("optional.none() dereference")));
    FUNCTIONS.put("hasValue", a -> optional(a[0]).isPresent());
    FUNCTIONS.put("optional.unwrap", a -> unwrap(a[0]));
    FUNCTIONS.put("unwrapOpt", a -> unwrap(a[0]));
    FUNCTIONS.put("first", a -> list(a[0]).isEmpty() ? Optional.empty() : Optional.of(list(a[0]).getFirst()));
    FUNCTIONS.put("last", a -> list(a[0]).isEmpty() ? Optional.empty() : Optional.of(list(a[0]).getLast()));
    FUNCTIONS.put("cel.@mapInsert", StandardFunctions::insert);
  }

  private StandardFunctions() {}

  /// What a function does; null for one that is none of these.
  static Overload.@org.jspecify.annotations.Nullable Body find(String function) {
    return FUNCTIONS.get(function);
  }

  private static void time(
      String function, ToLongFunction<ZonedDateTime> ofTime, @org.jspecify.annotations.Nullable ToLongFunction<Duration> ofDuration) {
    FUNCTIONS.put(
        function,
        a -> {
          if (a[0] instanceof Instant instant) {
            return ofTime.applyAsLong(instant.atZone(a.length > 1 ? zone(text(a[1])) : ZoneOffset.UTC));
          }
          if (a[0] instanceof Duration duration && ofDuration != null) {
            return ofDuration.applyAsLong(duration);
          }
          throw EvaluationException.noSuchOverload();
        });
  }

  private static ZoneId zone(String name) {
    Matcher offset = OFFSET.matcher(name);
    if (offset.matches()) {
      int sign = offset.group(1).equals("-") ? -1 : 1;
      int seconds = Integer.parseInt(offset.group(2)) * 3600 + Integer.parseInt(offset.group(3)) * 60;
      try {
        return ZoneOffset.ofTotalSeconds(sign * seconds);
      } catch (DateTimeException _) {
        throw new EvaluationException("unknown time zone " + name);
      }
    }
    try {
      return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException _) {
      throw new EvaluationException("unknown time zone " + name);
    }
  }

  static boolean bool(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw EvaluationException.noSuchOverload();
  }

  private static String text(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw EvaluationException.noSuchOverload();
  }

  private static List<?> list(Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw EvaluationException.noSuchOverload();
  }

  static Optional<Object> optional(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(o -> o);
    }
    throw EvaluationException.noSuchOverload();
  }

  private static Object unwrap(Object value) {
    var values = new ArrayList<Object>();
    for (Object item : list(value)) {
      optional(item).ifPresent(values::add);
    }
    return values;
  }

  private static boolean in(Object item, Object container) {
    return switch (container) {
      case List<?> list -> ListsLibrary.contains(list, item);
      case JsonMap map -> item instanceof String && map.find(item) != null;
      case CelMap map -> map.find(item) != null;
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  /// The item or value at an index or key.
  static Object index(Object container, Object key) {
    Object found = findIndex(container, key);
    if (found != null) {
      return found;
    }
    if (container instanceof List<?>) {
      throw new EvaluationException("index out of bounds: " + CelValues.print(key));
    }
    throw EvaluationException.noSuchKey(key);
  }

  /// The same; null where there is none.
  static @org.jspecify.annotations.Nullable Object findIndex(Object container, Object key) {
    return switch (container) {
      case List<?> list -> {
        long index = listIndex(key);
        yield index >= 0 && index < list.size() ? list.get((int) index) : null;
      }
      case CelMap map -> map.find(key);
      default -> null;
    };
  }

  private static long listIndex(Object key) {
    return switch (key) {
      case Long number -> number;
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 -> (long) (double) number;
      case UnsignedLong number when number.longValue() >= 0 -> number.longValue();
      case Double number -> throw new EvaluationException("unsupported index value " + CelValues.print(number) + " in list");
      case UnsignedLong number -> throw new EvaluationException("unsupported index value " + number + " in list");
      default -> throw new EvaluationException("unsupported index type '" + CelValues.typeName(key) + "' in list");
    };
  }

  private static Object insert(Object[] arguments) {
    LiteralMap map = (LiteralMap) arguments[0];
    if (arguments.length == 3) {
      return map.with(arguments[1], arguments[2]);
    }
    CelMap more = (CelMap) arguments[1];
    for (Object key : more.keys()) {
      map = map.with(key, Objects.requireNonNull(more.find(key)));
    }
    return map;
  }

  // Conversions.

  private static EvaluationException inconvertible(Object value, String type) {
    return EvaluationException.conversion(CelValues.typeName(value), type);
  }

  private static Object toBool(Object value) {
    return switch (value) {
      case Boolean bool -> bool;
      case String text ->
          switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw inconvertible(value, "bool");
          };
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toBytes(Object value) {
    return switch (value) {
      case CelByteString bytes -> bytes;
      case String text -> CelByteString.copyFromUtf8(text);
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toDouble(Object value) {
    return switch (value) {
      case Double number -> number;
      case Long number -> (double) number;
      case UnsignedLong number -> number.doubleValue();
      case String text -> parseDouble(text);
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static double parseDouble(String text) {
    switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "nan" -> {
        return Double.NaN;
      }
      case "inf", "+inf", "infinity", "+infinity" -> {
        return Double.POSITIVE_INFINITY;
      }
      case "-inf", "-infinity" -> {
        return Double.NEGATIVE_INFINITY;
      }
      default -> {}
    }
    try {
      // Java trims and knows suffixes, Go does not.
      if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || "dDfF".indexOf(c) >= 0 && !text.contains("x"))) {
        throw inconvertible(text, "double");
      }
      double number = Double.parseDouble(text);
      if (Double.isInfinite(number)) {
        throw inconvertible(text, "double");
      }
      return number;
    } catch (NumberFormatException _) {
      throw inconvertible(text, "double");
    }
  }

  private static Object toDuration(Object value) {
    return switch (value) {
      case Duration duration -> duration;
      case Long nanoseconds -> Duration.ofNanos(nanoseconds);
      case String text -> {
        try {
          yield GoDuration.parse(text);
        } catch (SyntaxException _) {
          throw inconvertible(value, "google.protobuf.Duration");
        }
      }
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toInt(Object value) {
    return switch (value) {
      case Long number -> number;
      case UnsignedLong number -> {
        if (number.longValue() < 0) {
          throw new EvaluationException("integer overflow");
        }
        yield number.longValue();
      }
      case Double number -> {
        if (!(number > -0x1p63 && number < 0x1p63)) {
          throw new EvaluationException("integer overflow");
        }
        yield (long) (double) number;
      }
      case Duration duration -> duration.toNanos();
      case Instant instant -> instant.getEpochSecond();
      case String text -> {
        if (!text.matches("[+-]?[0-9]+")) {
          throw inconvertible(value, "int");
        }
        try {
          yield Long.parseLong(text);
        } catch (NumberFormatException _) {
          throw inconvertible(value, "int");
        }
      }
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toText(Object value) {
    return switch (value) {
      case NullValue _ -> throw EvaluationException.noSuchOverload();
      case String text -> text;
      case CelByteString bytes -> {
        if (!bytes.isValidUtf8()) {
          throw new EvaluationException("invalid UTF-8 in bytes, cannot convert to string");
        }
        yield bytes.toStringUtf8();
      }
      case Boolean _, Long _, UnsignedLong _, Double _, Duration _, Instant _, NetLibrary.Address _, NetLibrary.Prefix _ ->
          CelValues.print(value);
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toTimestamp(Object value) {
    return switch (value) {
      case Instant instant -> instant;
      case Long seconds -> {
        try {
          yield Arithmetic.inRange(Instant.ofEpochSecond(seconds));
        } catch (DateTimeException _) {
          throw new EvaluationException("timestamp overflow");
        }
      }
      case String text -> {
        if (!RFC3339.matcher(text).matches()) {
          throw inconvertible(value, "google.protobuf.Timestamp");
        }
        try {
          yield Arithmetic.inRange(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
          throw inconvertible(value, "google.protobuf.Timestamp");
        }
      }
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private static Object toUint(Object value) {
    return switch (value) {
      case UnsignedLong number -> number;
      case Long number -> Arithmetic.unsigned(BigInteger.valueOf(number));
      case Double number -> {
        if (!(number >= 0 && number < 0x1p64)) {
          throw new EvaluationException("unsigned integer overflow");
        }
        yield Arithmetic.unsigned(new BigDecimal(number).toBigInteger());
      }
      case String text -> {
        if (!text.matches("[0-9]+")) {
          throw inconvertible(value, "uint");
        }
        try {
          yield Arithmetic.unsigned(new BigInteger(text));
        } catch (EvaluationException _) {
          throw inconvertible(value, "uint");
        }
      }
      default -> throw EvaluationException.noSuchOverload();
    };
  }
}
