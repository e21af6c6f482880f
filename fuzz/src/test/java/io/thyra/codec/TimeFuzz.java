package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/// Times: a canonical text is its own canonical text and says the same moment.
public final class TimeFuzz {
  private TimeFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    canonical(text, GoTime::canonicalSeconds);
    canonical(text, GoTime::canonicalMicros);
    Refusals.allow(() -> GoTime.epochSeconds(text));
    Refusals.allow(() -> GoTime.nanos(text));
  }

  private static void canonical(String text, UnaryOperator<String> form) {
    String once;
    try {
      once = form.apply(text);
    } catch (DecodeException _) {
      return;
    }
    // Null is the zero time; years beyond four digits are printed, and not read again: as in Go.
    if (once != null && once.indexOf('-', 1) == 4 && !once.startsWith("-")) {
      Refusals.requireSame(once, form.apply(once), () -> text);
      Refusals.requireSame(GoTime.epochSeconds(text), GoTime.epochSeconds(once), () -> text);
    }
  }
}
