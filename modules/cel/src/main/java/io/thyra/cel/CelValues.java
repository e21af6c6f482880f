package io.thyra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import io.thyra.machinery.GoDuration;
import io.thyra.machinery.SyntaxException;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The values of CEL in Java: `null` is [NullValue], int is Long, uint is [UnsignedLong], bytes are [CelByteString],
/// timestamps are Instant, optionals are Optional, lists are List, maps and objects are [CelMap], what libraries bring is
/// [Opaque]. Source: cel-go common/types.
final class CelValues {
  private CelValues() {}

  /// A JSON value as one of a type. A value that its type cannot be is an [EvaluationException].
  static Object of(Value value, DeclType type) {
    return switch (value) {
      case NullValue _ -> NullValue.NULL;
      case BooleanValue bool -> bool == BooleanValue.TRUE;
      case NumberValue number -> number(number, type);
      case StringValue(String text) -> text(text, type);
      case ListValue list -> new JsonList(list, type);
      case ObjectValue object -> new JsonMap(object, type);
    };
  }

  private static Object number(NumberValue number, DeclType type) {
    if (type.form() == DeclType.Form.DOUBLE) {
      return number.doubleValue();
    }
    return switch (number) {
      case IntegerValue(long whole) -> whole;
      case DecimalValue decimal -> decimal.doubleValue();
    };
  }

  private static Object text(String text, DeclType type) {
    return switch (type.form()) {
      case BYTES -> bytes(text);
      case DURATION -> {
        try {
          yield GoDuration.parse(text);
        } catch (SyntaxException e) {
          throw new EvaluationException("Invalid duration " + text + ": " + e.getMessage());
        }
      }
      case DATE -> {
        try {
          yield LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException _) {
          throw new EvaluationException("Invalid date formatted string " + text);
        }
      }
      case DATE_TIME -> {
        try {
          yield OffsetDateTime.parse(text.toUpperCase(Locale.ROOT).replace(' ', 'T')).toInstant();
        } catch (DateTimeException _) {
          throw new EvaluationException("Invalid date-time formatted string " + text);
        }
      }
      default -> text;
    };
  }

  private static CelByteString bytes(String text) {
    try {
      return CelByteString.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new EvaluationException("Invalid byte formatted string " + text + ": " + e.getMessage());
    }
  }

  /// A value as JSON: what an expression leaves behind. Empty for what JSON has no form for.
  static Optional<Value> toJson(Object value) {
    return switch (value) {
      case NullValue nothing -> Optional.of(nothing);
      case Boolean bool -> Optional.of(Value.of(bool));
      case Long number -> Optional.of(Value.of(number));
      case UnsignedLong number -> Optional.of(number.longValue() >= 0 ? Value.of(number.longValue()) : new DecimalValue(number.toString()));
      case Double number -> Optional.of(DecimalValue.of(number));
      case String text -> Optional.of(Value.of(text));
      case CelByteString bytes -> Optional.of(Value.of(Base64.getEncoder().encodeToString(bytes.toByteArray())));
      case Instant instant -> Optional.of(Value.of(print(instant)));
      case Duration duration -> Optional.of(Value.of(print(duration)));
      case JsonList list -> Optional.of(list.list());
      case JsonMap map -> Optional.of(map.object());
      case List<?> list -> {
        var items = new ArrayList<Value>(list.size());
        for (Object item : list) {
          Optional<Value> json = toJson(item);
          if (json.isEmpty()) {
            yield Optional.empty();
          }
          items.add(json.get());
        }
        yield Optional.of(new ListValue(items));
      }
      case CelMap map -> {
        ObjectValue.Builder object = ObjectValue.builder();
        for (Object key : map.keys()) {
          Optional<Value> json = toJson(Objects.requireNonNull(map.find(key)));
          if (json.isEmpty()) {
            yield Optional.empty();
          }
          String name = map instanceof StructValue ? Escaping.unescape(print(key)).orElse(print(key)) : print(key);
          object.put(name, json.get());
        }
        yield Optional.of(object.build());
      }
      default -> Optional.empty();
    };
  }

  static String typeName(Object value) {
    return switch (value) {
      case NullValue _ -> "null_type";
      case Boolean _ -> "bool";
      case Long _ -> "int";
      case UnsignedLong _ -> "uint";
      case Double _ -> "double";
      case String _ -> "string";
      case CelByteString _ -> "bytes";
      case Instant _ -> "google.protobuf.Timestamp";
      case Duration _ -> "google.protobuf.Duration";
      case List<?> _ -> "list";
      case CelMap map -> map.typeName();
      case Optional<?> _ -> "optional_type";
      case TypeValue _ -> "type";
      case Opaque opaque -> opaque.typeName();
      default -> value.getClass().getSimpleName();
    };
  }

  /// Equality of CEL: numbers of different types by their amount, anything else of different types is unequal.
  static boolean equal(Object left, Object right) {
    return switch (left) {
      case Long a when right instanceof Long b -> a.longValue() == b.longValue();
      case String a -> a.equals(right);
      case Double a when right instanceof Double b -> a.doubleValue() == b.doubleValue();
      case Number _ when right instanceof Number -> isNumber(left) && isNumber(right) && compareNumbers(left, right) == 0;
      case JsonList a when right instanceof List<?> b -> a.sameAs(b);
      case List<?> a when right instanceof JsonList b -> b.sameAs(a);
      case List<?> a when right instanceof List<?> b -> sameItems(a, b);
      case CelMap a when right instanceof CelMap b -> sameEntries(a, b);
      case Optional<?> a when right instanceof Optional<?> b ->
          a.isPresent() == b.isPresent() && (a.isEmpty() || equal(a.get(), b.get()));
      default -> left.equals(right);
    };
  }

  private static boolean sameItems(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEntries(CelMap left, CelMap right) {
    if (left instanceof JsonMap(ObjectValue a, _) && right instanceof JsonMap(ObjectValue b, _) && a.equals(b)) {
      return true;
    }
    if (left.size() != right.size()) {
      return false;
    }
    for (Object key : left.keys()) {
      Object mine = left.find(key);
      Object other = right.find(key);
      if (mine == null || other == null || !equal(mine, other)) {
        return false;
      }
    }
    return true;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof UnsignedLong;
  }

  /// The order of two numbers of any types; 2 when there is none, for NaN.
  private static int compareNumbers(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      return Integer.signum(a.compareTo(b));
    }
    if (left instanceof Double a && (a.isNaN() || a.isInfinite()) || right instanceof Double b && (b.isNaN() || b.isInfinite())) {
      double x = ((Number) left).doubleValue();
      double y = ((Number) right).doubleValue();
      return Double.isNaN(x) || Double.isNaN(y) ? 2 : x < y ? -1 : x > y ? 1 : 0;
    }
    return exact(left).compareTo(exact(right));
  }

  private static BigDecimal exact(Object number) {
    return switch (number) {
      case Long whole -> BigDecimal.valueOf(whole);
      case UnsignedLong whole -> new BigDecimal(whole.bigIntegerValue());
      default -> new BigDecimal((double) number);
    };
  }

  /// The order of two values of one type, or of two numbers.
  static int compare(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      int order = compareNumbers(left, right);
      if (order == 2) {
        throw new EvaluationException("NaN values cannot be ordered");
      }
      return order;
    }
    if (left instanceof String a && right instanceof String b) {
      return compareCodePoints(a, b);
    }
    if (left instanceof Boolean a && right instanceof Boolean b) {
      return Boolean.compare(a, b);
    }
    if (left instanceof Instant a && right instanceof Instant b) {
      return Integer.signum(a.compareTo(b));
    }
    if (left instanceof Duration a && right instanceof Duration b) {
      return Integer.signum(a.compareTo(b));
    }
    if (left instanceof CelByteString a && right instanceof CelByteString b) {
      return Integer.signum(CelByteString.unsignedLexicographicalComparator().compare(a, b));
    }
    throw EvaluationException.noSuchOverload();
  }

  // As Go orders texts, by their bytes in UTF-8.
  private static int compareCodePoints(String left, String right) {
    int max = Math.min(left.length(), right.length());
    for (int i = 0; i < max; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogates = Character.isSurrogate(a) != Character.isSurrogate(b);
        return surrogates ? (Character.isSurrogate(a) ? 1 : -1) : Integer.signum(Character.compare(a, b));
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  static long size(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case CelByteString bytes -> bytes.size();
      case List<?> list -> list.size();
      case CelMap map -> map.size();
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  /// The size of a value as costs count it: 1 for what has none.
  static long costSize(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case CelByteString bytes -> bytes.size();
      case List<?> list -> list.size();
      case CelMap map -> map.size();
      case Opaque opaque -> opaque.size();
      case Optional<?> optional when optional.isPresent() -> costSize(optional.get());
      default -> 1;
    };
  }

  static boolean isZero(Object value) {
    return switch (value) {
      case NullValue _ -> true;
      case Boolean bool -> !bool;
      case Long number -> number == 0;
      case UnsignedLong number -> number.equals(UnsignedLong.ZERO);
      case Double number -> number == 0;
      case String text -> text.isEmpty();
      case CelByteString bytes -> bytes.isEmpty();
      case Duration duration -> duration.isZero();
      case Instant instant -> instant.equals(Instant.EPOCH);
      case List<?> list -> list.isEmpty();
      case CelMap map -> map.size() == 0;
      case Optional<?> optional -> optional.isEmpty();
      default -> false;
    };
  }

  /// A value as `string()` prints it, and as errors do.
  static String print(Object value) {
    return switch (value) {
      case NullValue _ -> "null";
      case Double number -> GoNumber.shortest(number);
      case CelByteString bytes -> bytes.toStringUtf8();
      case Instant instant -> DateTimeFormatter.ISO_INSTANT.format(instant).replaceFirst("(\\.\\d*?)0+Z$", "$1Z");
      case Duration duration -> GoNumber.plain(BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9))) + "s";
      case TypeValue(String name) -> name;
      default -> value.toString();
    };
  }

  /// The bytes of a text in UTF-8.
  static long utf8Size(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static Object listOf(List<String> texts) {
    return List.<Object>copyOf(texts);
  }

  static Object mapOf(Map<String, List<String>> entries) {
    var map = new java.util.LinkedHashMap<Object, Object>();
    entries.forEach((key, values) -> map.put(key, listOf(values)));
    return new LiteralMap(map);
  }
}
