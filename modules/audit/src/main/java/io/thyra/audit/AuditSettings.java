package io.thyra.audit;

import java.time.Duration;

/// How events are buffered and cut. The numbers are those of the flags `--audit-log-…`.
///
/// @param format of a line
/// @param mode whether requests wait for their events
/// @param bufferSize events that may wait in the mode batch; more are lost
/// @param throttle how fast batches are written in the mode batch
/// @param truncation what is too large
public record AuditSettings(
    Format format, Mode mode, int bufferSize, int batchSize, Duration batchWait, Throttle throttle, Truncation truncation) {
  public enum Format {
    JSON,
    LEGACY
  }

  /// Source: apiserver pkg/server/options/audit.go.
  public enum Mode {
    BATCH,
    BLOCKING,
    BLOCKING_STRICT
  }

  /// @param burst batches that may be written at once
  public record Throttle(boolean enabled, double batchesASecond, int burst) {}

  /// @param eventBytesMax of one event; the bodies of larger ones are left out, and those still larger are lost
  public record Truncation(boolean enabled, long eventBytesMax) {}

  /// The defaults of the flags.
  public static final AuditSettings DEFAULT =
      new AuditSettings(
          Format.JSON, Mode.BLOCKING, 10_000, 1, Duration.ZERO, new Throttle(false, 0, 0), new Truncation(false, 102_400));
}
