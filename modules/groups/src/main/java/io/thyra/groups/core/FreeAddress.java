package io.thyra.groups.core;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Finds a free address of a range: the upper part first, from a random place on, then the lower part, which is kept for addresses
/// that are asked for by name. Source: pkg/registry/core/service/ipallocator/ipallocator.go.
record FreeAddress(Addresses.Range range, RandomGenerator random) {
  private static final int RESERVED_MIN = 16;
  private static final int RESERVED_MAX = 256;
  private static final int RESERVED_SHARE = 16;
  // An IPv6 range is never walked through: so many taken addresses in a row are not met.
  private static final long SIZE_MAX = Long.MAX_VALUE;

  /// Empty when the range is full.
  ///
  /// @param takes takes an address unless somebody has it
  Optional<String> find(Predicate<String> takes) {
    long size = range.size().min(BigInteger.valueOf(SIZE_MAX)).longValueExact();
    long reserved = reserved();
    Optional<String> upper = find(reserved, size - reserved, takes);
    return upper.isPresent() ? upper : find(0, Math.min(reserved, size), takes);
  }

  private Optional<String> find(long from, long count, Predicate<String> takes) {
    if (count <= 0) {
      return Optional.empty();
    }
    long start = random.nextLong(count);
    for (long i = 0; i < count; i++) {
      // Without overflow, even where the sum would be above the largest number.
      long place = start >= count - i ? start - (count - i) : start + i;
      String address = range.at(BigInteger.valueOf(1 + from).add(BigInteger.valueOf(place)));
      if (takes.test(address)) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  private long reserved() {
    BigInteger all = BigInteger.ONE.shiftLeft(range.hostBits());
    if (all.compareTo(BigInteger.valueOf(RESERVED_MIN)) <= 0) {
      return 0;
    }
    BigInteger share = all.divide(BigInteger.valueOf(RESERVED_SHARE));
    return share.max(BigInteger.valueOf(RESERVED_MIN)).min(BigInteger.valueOf(RESERVED_MAX)).longValueExact();
  }
}
