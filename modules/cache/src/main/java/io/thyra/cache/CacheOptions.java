package io.thyra.cache;

import java.time.Duration;

/// The bounds of one resource's cache.
///
/// @param historyMin events that are kept however old they are
/// @param historyMax events that are kept at most; between the two the history grows while its oldest event is fresh
/// @param historyBytesMax bytes that the history may hold, replaced objects included
/// @param fresh how long an event is kept if the bounds allow
/// @param encodedBytesMax bytes that all encodings may hold together
/// @param backoffMin the pause before the store is asked again after a failure, doubled each time
/// @param backoffMax the longest such pause
public record CacheOptions(
    int historyMin, int historyMax, long historyBytesMax, Duration fresh, long encodedBytesMax, Duration backoffMin, Duration backoffMax) {
  /// 75 s is what upstream keeps events for at least.
  /// Source: apiserver pkg/storage/cacher/watch_cache.go
  public static final CacheOptions DEFAULT =
      new CacheOptions(
          1_000, 10_000, 64L << 20, Duration.ofSeconds(75), 32L << 20, Duration.ofMillis(50), Duration.ofSeconds(5));

  public CacheOptions {
    if (historyMin < 1 || historyMax < historyMin) {
      throw new IllegalArgumentException("history of " + historyMin + " to " + historyMax + " events");
    }
  }
}
