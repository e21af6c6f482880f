package io.thyra.backends;

import java.nio.charset.StandardCharsets;

/// Authorities of webhooks and extension servers in PEM.
public final class CaBundleFuzz {
  private CaBundleFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    try {
      CaBundle.ofPem(new String(data, StandardCharsets.ISO_8859_1));
    } catch (CaBundle.Unusable _) {
      // The backend is not trusted.
    }
  }
}
