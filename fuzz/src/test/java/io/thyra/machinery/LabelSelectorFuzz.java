package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Label selectors: printed they are read alike and select the same.
public final class LabelSelectorFuzz {
  private static final Map<String, String> LABELS = Map.of("a", "b", "app", "web", "tier", "1", "x/y", "");

  private LabelSelectorFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusals.allow(
        () -> {
          LabelSelector selector = LabelSelector.parse(text);
          LabelSelector again = LabelSelector.parse(selector.toString());
          Refusals.requireSame(selector.toString(), again.toString(), () -> text);
          Refusals.requireSame(selector.matches(LABELS::get), again.matches(LABELS::get), () -> text);
          selector.exactValue("app");
        });
  }
}
