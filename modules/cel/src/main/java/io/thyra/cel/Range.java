package io.thyra.cel;

/// A size or a cost that lies between two bounds, which do not overflow but stay at the largest number.
record Range(long min, long max) {
  static final Range UNKNOWN = new Range(0, Long.MAX_VALUE);
  static final Range ZERO = new Range(0, 0);

  static Range of(long fixed) {
    return new Range(fixed, fixed);
  }

  Range plus(Range other) {
    return new Range(add(min, other.min), add(max, other.max));
  }

  Range times(Range other) {
    return new Range(multiply(min, other.min), multiply(max, other.max));
  }

  /// Multiplied and rounded up.
  Range scaled(double factor) {
    return new Range(scale(min, factor), scale(max, factor));
  }

  Range union(Range other) {
    return new Range(Math.min(min, other.min), Math.max(max, other.max));
  }

  static long add(long left, long right) {
    return right > Long.MAX_VALUE - left ? Long.MAX_VALUE : left + right;
  }

  static long multiply(long left, long right) {
    return right != 0 && left > Long.MAX_VALUE / right ? Long.MAX_VALUE : left * right;
  }

  private static long scale(long amount, double factor) {
    double scaled = Math.ceil(amount * factor);
    return scaled >= Long.MAX_VALUE ? Long.MAX_VALUE : (long) scaled;
  }
}
