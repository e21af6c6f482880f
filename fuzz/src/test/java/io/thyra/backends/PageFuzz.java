package io.thyra.backends;

import io.vertx.core.buffer.Buffer;

/// HTML pages that pass through a proxy: their links are rewritten, plain and packed.
public final class PageFuzz {
  private static final Links BELOW = Links.below("/api/v1/namespaces/n/services/s/proxy", "backend:80", "server:443");

  private PageFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Buffer page = Buffer.buffer(data);
    HtmlLinks.rewritePage(page, null, BELOW);
    HtmlLinks.rewritePage(page, "gzip", BELOW);
    HtmlLinks.rewritePage(page, "deflate", BELOW);
    ContentSniffer.type(page);
  }
}
