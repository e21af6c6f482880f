package io.thyra.machinery;

import io.thyra.codec.DecodeException;
import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Continue tokens, as they are sent and as the JSON within: encoded anew they are read alike, and no key climbs out.
public final class ContinueTokenFuzz {
  private ContinueTokenFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    read(new String(data, StandardCharsets.UTF_8));
    read(Base64.getUrlEncoder().withoutPadding().encodeToString(data));
  }

  private static void read(String token) {
    Refusals.allow(
        () -> {
          ContinueToken read = ContinueToken.parse(token, ContinueTokenFuzz::json);
          if (read.startKey().startsWith("/") || ("/" + read.startKey() + "/").contains("/../")) {
            throw new AssertionError(read.startKey() + " leaves the prefix");
          }
          Refusals.requireSame(read, ContinueToken.parse(read.encode(), ContinueTokenFuzz::json), () -> token);
        });
  }

  private static Value json(byte[] text) {
    try {
      return JsonReader.read(text);
    } catch (DecodeException e) {
      throw new SyntaxException(e.text());
    }
  }
}
