package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;

/// Schedules of CronJobs, and their zones.
public final class CronFuzz {
  private CronFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusals.allow(() -> CronSchedule.require(text));
    CronSchedule.isZone(text);
  }
}
