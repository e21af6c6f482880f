package io.thyra.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An amount of a resource: `500m`, `1Gi`, `2e3`. Remembers which kind of suffix it was written with and prints with
/// that kind again; a text that upstream takes for canonical already is printed as it was written (`1e3`, `+1`).
/// Equality and order are those of the amounts; `1000m` equals `1`. Immutable.
/// Source: apimachinery pkg/api/resource/quantity.go, amount.go, suffix.go.
public final class Quantity implements Comparable<Quantity> {
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI, "0");

  /// The family of suffixes that a quantity prints with.
  public enum Format {
    DECIMAL_SI,
    BINARY_SI,
    DECIMAL_EXPONENT
  }

  /// A text that is no quantity; the message is upstream's.
  public static final class MalformedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    static final String FORMAT =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    static final String NUMERIC = "unable to parse numeric part of quantity";
    static final String SUFFIX = "unable to parse quantity's suffix";

    MalformedException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private static final int NANO_SCALE = 9;
  // Digits of an int64 that always fit.
  private static final int FAST_DIGITS_MAX = 18;
  // Bounds the work that a text such as 12345678901234567890e999999999 can ask for.
  private static final int SLOW_EXPONENT_MAX = 100_000;
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final BigDecimal BINARY_MIN = BigDecimal.valueOf(1024);
  private static final BigInteger KIBI = BigInteger.valueOf(1024);
  private static final String[] DECIMAL_SUFFIXES = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
  private static final String[] BINARY_SUFFIXES = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

  private final BigDecimal amount;
  private final Format format;
  // The printed form, once known; benign race.
  private @Nullable String text;

  private Quantity(BigDecimal amount, Format format, @Nullable String text) {
    this.amount = amount;
    this.format = format;
    this.text = text;
  }

  public static Quantity of(long value) {
    return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI, null);
  }

  public static Quantity of(BigDecimal amount, Format format) {
    return new Quantity(amount, format, null);
  }

  public static Quantity ofMilli(long value, Format format) {
    return new Quantity(BigDecimal.valueOf(value, 3), format, null);
  }

  /// Reads a quantity.
  ///
  /// @throws MalformedException when the text is none
  public static Quantity parse(String text) {
    if (text.isEmpty()) {
      throw new MalformedException(MalformedException.FORMAT);
    }
    if (text.equals("0")) {
      return ZERO;
    }
    return new Parser(text).parse();
  }

  /// Whether a text is a quantity.
  public static boolean isQuantity(String text) {
    try {
      parse(text);
      return true;
    } catch (MalformedException _) {
      return false;
    }
  }

  /// The printed form of a quantity text, the same instance when it is canonical already.
  public static String canonical(String text) {
    String printed = parse(text).toString();
    return printed.equals(text) ? text : printed;
  }

  public Format format() {
    return format;
  }

  public BigDecimal amount() {
    return amount;
  }

  public int signum() {
    return amount.signum();
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  /// The amount rounded away from zero to an integer.
  public long value() {
    return scaledValue(0);
  }

  /// Thousandths, rounded away from zero.
  public long milliValue() {
    return scaledValue(-3);
  }

  /// The amount in units of 10^exponent, rounded away from zero. Beyond 64 bits it saturates.
  public long scaledValue(int exponent) {
    BigDecimal scaled = amount.scaleByPowerOfTen(-exponent);
    if (scaled.compareTo(LONG_MAX) >= 0) {
      return Long.MAX_VALUE;
    }
    if (scaled.compareTo(LONG_MAX.negate()) <= 0) {
      return -Long.MAX_VALUE;
    }
    return scaled.setScale(0, RoundingMode.UP).longValue();
  }

  /// The amount rounded away from zero to units of 10^exponent.
  public Quantity roundUp(int exponent) {
    return amount.scale() <= -exponent ? this : new Quantity(amount.setScale(-exponent, RoundingMode.UP), format, null);
  }

  public double doubleValue() {
    return amount.doubleValue();
  }

  /// The sum, in the format of the first that is not zero.
  public Quantity plus(Quantity other) {
    return new Quantity(bounded(amount).add(bounded(other.amount)), isZero() ? other.format : format, null);
  }

  public Quantity minus(Quantity other) {
    return new Quantity(bounded(amount).subtract(bounded(other.amount)), isZero() ? other.format : format, null);
  }

  public Quantity times(long factor) {
    return new Quantity(amount.multiply(BigDecimal.valueOf(factor)), format, null);
  }

  public Quantity negated() {
    return new Quantity(amount.negate(), format, null);
  }

  // A sum of 1e999999999 and 1 would have a billion digits.
  private static BigDecimal bounded(BigDecimal amount) {
    return amount.scale() < -SLOW_EXPONENT_MAX ? LONG_MAX.multiply(BigDecimal.valueOf(amount.signum())) : amount;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quantity that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }

  @Override
  public String toString() {
    String printed = text;
    if (printed == null) {
      printed = print();
      text = printed;
    }
    return printed;
  }

  private String print() {
    if (isZero()) {
      return "0";
    }
    return switch (format) {
      case DECIMAL_SI -> decimal(false);
      case DECIMAL_EXPONENT -> decimal(true);
      case BINARY_SI -> amount.abs().compareTo(BINARY_MIN) < 0 || !integral() ? decimal(false) : binary();
    };
  }

  private boolean integral() {
    return amount.scale() <= 0 || amount.stripTrailingZeros().scale() <= 0;
  }

  private String decimal(boolean asExponent) {
    BigDecimal stripped = amount.stripTrailingZeros();
    BigInteger mantissa = stripped.unscaledValue();
    int exponent = -stripped.scale();
    int surplus = Math.floorMod(exponent, 3);
    if (surplus != 0) {
      mantissa = mantissa.multiply(BigInteger.TEN.pow(surplus));
      exponent -= surplus;
    }
    if (asExponent) {
      return exponent == 0 ? mantissa.toString() : mantissa + "e" + exponent;
    }
    int step = exponent / 3 + 3;
    // Upstream has no suffix beyond E and silently prints none.
    return step >= 0 && step < DECIMAL_SUFFIXES.length ? mantissa + DECIMAL_SUFFIXES[step] : mantissa.toString();
  }

  private String binary() {
    BigInteger mantissa = amount.toBigInteger();
    int times = 0;
    for (BigInteger[] parts = mantissa.divideAndRemainder(KIBI);
        parts[1].signum() == 0 && mantissa.signum() != 0;
        parts = mantissa.divideAndRemainder(KIBI)) {
      mantissa = parts[0];
      times++;
    }
    return times < BINARY_SUFFIXES.length ? mantissa + BINARY_SUFFIXES[times] : mantissa.toString();
  }

  /// One reading of a text; `denominator` is upstream's word for the digits after the point.
  private static final class Parser {
    private final String text;
    private boolean positive = true;
    private String value = "";
    private String numerator = "";
    private String denominator = "";
    private String suffix = "";

    Parser(String text) {
      this.text = text;
    }

    Quantity parse() {
      split();
      Format format = Format.DECIMAL_SI;
      int exponent = 0;
      int decimalStep = suffixStep(DECIMAL_SUFFIXES, suffix);
      int binaryStep = suffixStep(BINARY_SUFFIXES, suffix);
      if (decimalStep >= 0) {
        exponent = (decimalStep - 3) * 3;
      } else if (binaryStep > 0) {
        format = Format.BINARY_SI;
        exponent = binaryStep * 10;
      } else if (suffix.length() > 1 && (suffix.charAt(0) == 'e' || suffix.charAt(0) == 'E')) {
        format = Format.DECIMAL_EXPONENT;
        exponent = exponent(suffix.substring(1));
      } else {
        throw new MalformedException(MalformedException.SUFFIX);
      }
      Quantity fast = format == Format.BINARY_SI ? fastBinary(exponent) : fastDecimal(format, exponent);
      return fast != null ? fast : slow(format, exponent);
    }

    private static int suffixStep(String[] suffixes, String suffix) {
      for (int i = 0; i < suffixes.length; i++) {
        if (suffixes[i].equals(suffix)) {
          return i;
        }
      }
      return -1;
    }

    private static int exponent(String digits) {
      try {
        return (int) Long.parseLong(digits);
      } catch (NumberFormatException _) {
        throw new MalformedException(MalformedException.SUFFIX);
      }
    }

    private @Nullable Quantity fastDecimal(Format format, int exponent) {
      int scale = exponent - denominator.length();
      if (numerator.length() + denominator.length() > FAST_DIGITS_MAX || scale < -NANO_SCALE) {
        return null;
      }
      String digits = numerator + denominator;
      long amount = digits(digits);
      boolean canonical = scale % 3 == 0 && !digits.endsWith("000") && digits.charAt(0) != '0';
      return new Quantity(BigDecimal.valueOf(positive ? amount : -amount, -scale), format, canonical ? text : null);
    }

    private @Nullable Quantity fastBinary(int exponent) {
      if (!denominator.isEmpty() || 15 - numerator.length() - (int) ((float) exponent * 3 / 10) - 1 < 0) {
        return null;
      }
      long amount = digits(numerator);
      BigDecimal scaled = BigDecimal.valueOf(positive ? amount : -amount).multiply(BigDecimal.valueOf(1L << exponent));
      return new Quantity(scaled, Format.BINARY_SI, exponent % 10 == 0 && (amount & 7) != 0 ? text : null);
    }

    private static long digits(String digits) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException _) {
        throw new MalformedException(MalformedException.NUMERIC);
      }
    }

    private Quantity slow(Format written, int exponent) {
      if (Math.abs((long) exponent) > SLOW_EXPONENT_MAX) {
        throw new MalformedException(MalformedException.NUMERIC);
      }
      BigDecimal amount;
      try {
        amount = new BigDecimal(value);
      } catch (NumberFormatException _) {
        throw new MalformedException(MalformedException.NUMERIC);
      }
      Format format = written;
      if (format == Format.BINARY_SI) {
        amount = amount.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(exponent)));
      } else {
        amount = amount.scaleByPowerOfTen(exponent);
      }
      if (amount.scale() > NANO_SCALE) {
        amount = amount.setScale(NANO_SCALE, RoundingMode.UP);
      }
      if (format == Format.BINARY_SI) {
        if (amount.abs().compareTo(LONG_MAX) > 0) {
          amount = amount.signum() < 0 ? LONG_MAX.negate() : LONG_MAX;
        }
        if (amount.signum() != 0 && amount.abs().compareTo(BigDecimal.ONE) < 0) {
          format = Format.DECIMAL_SI;
        }
      }
      return new Quantity(amount, format, null);
    }

    private void split() {
      int end = text.length();
      int at = 0;
      char first = text.charAt(0);
      if (first == '-' || first == '+') {
        positive = first == '+';
        at++;
      }
      while (at < end && text.charAt(at) == '0') {
        at++;
      }
      if (at == end) {
        numerator = "0";
        value = "0";
        return;
      }
      int start = at;
      at = skipDigits(at);
      numerator = text.substring(start, at);
      if (at == end) {
        value = text;
        return;
      }
      if (numerator.isEmpty()) {
        numerator = "0";
      }
      if (text.charAt(at) == '.') {
        start = at + 1;
        at = skipDigits(start);
        denominator = text.substring(start, at);
      }
      value = text.substring(0, at);
      if (at == end) {
        return;
      }
      suffix = text.substring(at);
      while (at < end && "eEinumkKMGTP".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      if (at < end && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
        at++;
      }
      if (skipDigits(at) < end) {
        throw new MalformedException(MalformedException.FORMAT);
      }
    }

    private int skipDigits(int from) {
      int at = from;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      return at;
    }
  }

  /// Reads a quantity where one is expected to be valid already.
  public static Quantity of(String text) {
    return parse(Objects.requireNonNull(text));
  }
}
