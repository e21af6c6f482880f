package io.thyra.machinery;

import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.FieldPath;
import java.nio.charset.StandardCharsets;

/// JSON paths of printer columns and selectable fields, on an object.
public final class JsonPathFuzz {
  private JsonPathFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusals.allow(() -> JsonPath.parse(text).find(Samples.of((byte) '0').object()).forEach(JsonPath::print));
    Refusals.allow(() -> JsonPath.ofPath(text).findFirst(Samples.of((byte) '1').object()).map(JsonPath::print));
    JsonPath.validateSimple(text, FieldPath.of("jsonPath"));
  }
}
