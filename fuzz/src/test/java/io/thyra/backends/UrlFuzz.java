package io.thyra.backends;

import io.thyra.fuzz.Refusals;
import java.nio.charset.StandardCharsets;

/// Targets and locations that pass through a proxy: escaped they are read alike, and none leaves the root.
public final class UrlFuzz {
  private UrlFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    String path = GoUrl.path(text);
    Refusals.requireSame(GoUrl.decodedPath(text), decoded(path), () -> text);
    String query = GoUrl.query(text);
    Refusals.requireSame(query, GoUrl.query("/?" + query), () -> text);
    String clean = GoUrl.clean(text);
    Refusals.requireSame(clean, GoUrl.clean(clean), () -> text);
    if (!clean.startsWith("/") || (clean + "/").contains("/../")) {
      throw new AssertionError(clean + " leaves the root");
    }
    GoUrl.problem(text);
  }

  /// A path without a slash in front would be taken for a whole URL.
  private static String decoded(String path) {
    return path.startsWith("/") ? GoUrl.decodedPath(path) : GoUrl.decodedPath("/" + path).substring(1);
  }
}
