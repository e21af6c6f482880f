package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Field selectors: printed they are read alike and select the same.
public final class FieldSelectorFuzz {
  private static final Map<String, String> FIELDS = Map.of("metadata.name", "a", "spec.nodeName", "a,b=c\\");

  private FieldSelectorFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusals.allow(
        () -> {
          FieldSelector selector = FieldSelector.parse(text);
          FieldSelector again = FieldSelector.parse(selector.toString());
          Refusals.requireSame(selector, again, () -> text);
          Refusals.requireSame(selector.matches(FIELDS::get), again.matches(FIELDS::get), () -> text);
          selector.convert(FieldLabelConversion.METADATA);
        });
  }
}
