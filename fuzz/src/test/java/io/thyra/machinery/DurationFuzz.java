package io.thyra.machinery;

import io.thyra.codec.DecodeException;
import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Durations in Go's notation: printed they are read alike, and both readers take the same.
public final class DurationFuzz {
  private DurationFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Duration duration = null;
    try {
      duration = GoDuration.parse(text);
      Refusals.requireSame(duration, GoDuration.parse(GoDuration.print(duration)), () -> text);
    } catch (SyntaxException _) {
      // The other must refuse it as well.
    }
    try {
      long nanos = io.thyra.codec.GoDuration.parse(text);
      Refusals.requireSame(Duration.ofNanos(nanos), String.valueOf(duration).isEmpty() ? nanos : orNothing(duration), () -> text);
      Refusals.requireSame(nanos, io.thyra.codec.GoDuration.parse(io.thyra.codec.GoDuration.print(nanos)), () -> text);
    } catch (DecodeException e) {
      if (duration != null) {
        throw new AssertionError(text + " is a duration in one place only", e);
      }
    }
  }

  private static Object orNothing(Duration duration) {
    return duration == null ? "nothing" : duration;
  }
}
