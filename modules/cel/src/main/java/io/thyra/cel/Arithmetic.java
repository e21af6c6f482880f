package io.thyra.cel;

import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The operators on numbers, texts, lists and times. Source: cel-go common/types.
final class Arithmetic {
  private static final Instant TIME_MIN = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant TIME_MAX = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final BigInteger UINT_MAX = UnsignedLong.MAX_VALUE.bigIntegerValue();
  private static final String INT_OVERFLOW = "integer overflow";

  private Arithmetic() {}

  static Object add(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return checked(() -> Math.addExact(a, b));
    }
    if (left instanceof String a && right instanceof String b) {
      return a + b;
    }
    if (left instanceof List<?> a && right instanceof List<?> b) {
      return concat(a, b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a + b;
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      return unsigned(a.bigIntegerValue().add(b.bigIntegerValue()));
    }
    if (left instanceof CelByteString a && right instanceof CelByteString b) {
      return a.concat(b);
    }
    if (left instanceof Duration a && right instanceof Duration b) {
      return duration(a, b, 1);
    }
    if (left instanceof Instant a && right instanceof Duration b) {
      return time(a, b);
    }
    if (left instanceof Duration a && right instanceof Instant b) {
      return time(b, a);
    }
    throw EvaluationException.noSuchOverload();
  }

  private static Object concat(List<?> left, List<?> right) {
    if (left instanceof JsonList json) {
      return json.plus(right);
    }
    if (right.isEmpty()) {
      return left;
    }
    var all = new ArrayList<Object>(left.size() + right.size());
    all.addAll(left);
    all.addAll(right);
    return all;
  }

  static Object subtract(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return checked(() -> Math.subtractExact(a, b));
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a - b;
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      return unsigned(a.bigIntegerValue().subtract(b.bigIntegerValue()));
    }
    if (left instanceof Duration a && right instanceof Duration b) {
      return duration(a, b, -1);
    }
    if (left instanceof Instant a && right instanceof Duration b) {
      return time(a, b.negated());
    }
    if (left instanceof Instant a && right instanceof Instant b) {
      return inRange(Duration.between(b, a));
    }
    throw EvaluationException.noSuchOverload();
  }

  static Object multiply(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      return checked(() -> Math.multiplyExact(a, b));
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a * b;
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      return unsigned(a.bigIntegerValue().multiply(b.bigIntegerValue()));
    }
    throw EvaluationException.noSuchOverload();
  }

  static Object divide(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      if (b == 0) {
        throw new EvaluationException("division by zero");
      }
      return checked(() -> Math.divideExact(a, b));
    }
    if (left instanceof Double a && right instanceof Double b) {
      return a / b;
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      if (b.equals(UnsignedLong.ZERO)) {
        throw new EvaluationException("division by zero");
      }
      return a.dividedBy(b);
    }
    throw EvaluationException.noSuchOverload();
  }

  static Object modulo(Object left, Object right) {
    if (left instanceof Long a && right instanceof Long b) {
      if (b == 0) {
        throw new EvaluationException("modulus by zero");
      }
      if (a == Long.MIN_VALUE && b == -1) {
        throw new EvaluationException(INT_OVERFLOW);
      }
      return a % b;
    }
    if (left instanceof UnsignedLong a && right instanceof UnsignedLong b) {
      if (b.equals(UnsignedLong.ZERO)) {
        throw new EvaluationException("modulus by zero");
      }
      return a.mod(b);
    }
    throw EvaluationException.noSuchOverload();
  }

  static Object negate(Object value) {
    return switch (value) {
      case Long number -> checked(() -> Math.negateExact(number));
      case Double number -> -number;
      case Duration duration -> duration.negated();
      default -> throw EvaluationException.noSuchOverload();
    };
  }

  private interface LongResult {
    long get();
  }

  private static Object checked(LongResult result) {
    try {
      return result.get();
    } catch (ArithmeticException _) {
      throw new EvaluationException(INT_OVERFLOW);
    }
  }

  static UnsignedLong unsigned(BigInteger value) {
    if (value.signum() < 0 || value.compareTo(UINT_MAX) > 0) {
      throw new EvaluationException("unsigned integer overflow");
    }
    return UnsignedLong.valueOf(value);
  }

  private static Duration duration(Duration left, Duration right, int sign) {
    return inRange(sign > 0 ? left.plus(right) : left.minus(right));
  }

  // Durations of Go are 64-bit counts of nanoseconds.
  private static Duration inRange(Duration duration) {
    try {
      duration.toNanos();
      return duration;
    } catch (ArithmeticException _) {
      throw new EvaluationException("duration overflow");
    }
  }

  private static Instant time(Instant time, Duration change) {
    try {
      return inRange(time.plus(change));
    } catch (DateTimeException | ArithmeticException _) {
      throw new EvaluationException("timestamp overflow");
    }
  }

  static Instant inRange(Instant time) {
    if (time.isBefore(TIME_MIN) || time.isAfter(TIME_MAX)) {
      throw new EvaluationException("timestamp overflow");
    }
    return time;
  }
}
