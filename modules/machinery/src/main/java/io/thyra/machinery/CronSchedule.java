package io.thyra.machinery;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The check of a cron schedule of five fields or a descriptor such as `@daily`, with the complaints of the library that
/// upstream uses. Nothing here computes times. Source: robfig/cron v3 parser.go.
public final class CronSchedule {
  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
  private static final List<String> DESCRIPTORS =
      List.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");

  private record Bounds(long min, long max, List<String> names) {}

  private static final List<Bounds> FIELDS =
      List.of(
          new Bounds(0, 59, List.of()),
          new Bounds(0, 23, List.of()),
          new Bounds(1, 31, List.of()),
          new Bounds(1, 12, MONTHS),
          new Bounds(0, 6, DAYS));

  private CronSchedule() {}

  /// @throws SyntaxException when the library would not take the schedule
  public static void require(String spec) {
    if (spec.isEmpty()) {
      throw new SyntaxException("empty spec string");
    }
    String schedule = spec;
    if (spec.startsWith("TZ=") || spec.startsWith("CRON_TZ=")) {
      int space = spec.indexOf(' ');
      int equals = spec.indexOf('=');
      if (space < 0) {
        throw new SyntaxException("provided bad location " + spec.substring(equals + 1) + ": unknown time zone");
      }
      String zone = spec.substring(equals + 1, space);
      if (!isZone(zone)) {
        throw new SyntaxException("provided bad location " + zone + ": unknown time zone " + zone);
      }
      schedule = spec.substring(space).strip();
    }
    if (schedule.startsWith("@")) {
      requireDescriptor(schedule);
      return;
    }
    List<String> fields = Arrays.stream(schedule.strip().split("\\s+")).filter(f -> !f.isEmpty()).toList();
    if (fields.size() != FIELDS.size()) {
      throw new SyntaxException(
          "expected exactly 5 fields, found " + fields.size() + ": [" + String.join(" ", fields) + "]");
    }
    for (int i = 0; i < fields.size(); i++) {
      for (String expression : fields.get(i).split(",")) {
        if (!expression.isEmpty()) {
          requireRange(expression, FIELDS.get(i));
        }
      }
    }
  }

  /// Whether a time zone exists; `Local` and the empty one do, in Go.
  public static boolean isZone(String zone) {
    if (zone.isEmpty() || zone.equals("UTC") || zone.equals("Local")) {
      return true;
    }
    try {
      return ZoneId.getAvailableZoneIds().contains(ZoneId.of(zone).getId());
    } catch (DateTimeException _) {
      return false;
    }
  }

  private static void requireDescriptor(String descriptor) {
    if (DESCRIPTORS.contains(descriptor)) {
      return;
    }
    if (!descriptor.startsWith("@every ")) {
      throw new SyntaxException("unrecognized descriptor: " + descriptor);
    }
    try {
      GoDuration.parse(descriptor.substring("@every ".length()));
    } catch (SyntaxException e) {
      throw new SyntaxException("failed to parse duration " + descriptor + ": " + e.text());
    }
  }

  private static void requireRange(String expression, Bounds bounds) {
    String[] rangeAndStep = expression.split("/", -1);
    String[] lowAndHigh = rangeAndStep[0].split("-", -1);
    long start = bounds.min();
    long end = bounds.max();
    if (!lowAndHigh[0].equals("*") && !lowAndHigh[0].equals("?")) {
      start = number(lowAndHigh[0], bounds);
      if (lowAndHigh.length > 2) {
        throw new SyntaxException("too many hyphens: " + expression);
      }
      end = lowAndHigh.length == 1 ? start : number(lowAndHigh[1], bounds);
    }
    long step = 1;
    if (rangeAndStep.length > 2) {
      throw new SyntaxException("too many slashes: " + expression);
    }
    if (rangeAndStep.length == 2) {
      step = number(rangeAndStep[1], new Bounds(0, 0, List.of()));
      end = lowAndHigh.length == 1 ? bounds.max() : end;
    }
    if (start < bounds.min()) {
      throw new SyntaxException(
          "beginning of range (" + start + ") below minimum (" + bounds.min() + "): " + expression);
    }
    if (end > bounds.max()) {
      throw new SyntaxException("end of range (" + end + ") above maximum (" + bounds.max() + "): " + expression);
    }
    if (start > end) {
      throw new SyntaxException(
          "beginning of range (" + start + ") beyond end of range (" + end + "): " + expression);
    }
    if (step == 0) {
      throw new SyntaxException("step of range should be a positive number: " + expression);
    }
  }

  private static long number(String text, Bounds bounds) {
    int name = bounds.names().indexOf(text.toLowerCase(Locale.ROOT));
    if (name >= 0) {
      return name + bounds.min();
    }
    long number;
    try {
      number = GoNumbers.atoi(text);
    } catch (SyntaxException e) {
      throw new SyntaxException("failed to parse int from " + text + ": " + e.text());
    }
    if (number < 0) {
      throw new SyntaxException("negative number (" + number + ") not allowed: " + text);
    }
    return number;
  }
}
