package io.thyra.codec;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Binary data in JSON: the canonical text is that of the bytes.
public final class Base64Fuzz {
  private Base64Fuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Refusals.allow(
        () -> {
          String canonical = GoBase64.canonical(text);
          Refusals.requireSame(canonical, Base64.getEncoder().encodeToString(GoBase64.decode(text)), () -> text);
        });
  }
}
