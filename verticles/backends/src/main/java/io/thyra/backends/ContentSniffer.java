package io.thyra.backends;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Guesses the type of a body that came without one, as Go's servers do for pages, XML, text and bytes.
/// Source: Go net/http sniff.go.
final class ContentSniffer {
  private static final int SNIFFED_MAX = 512;
  private static final List<String> PAGE_STARTS =
      List.of("<!doctype html", "<html", "<head", "<script", "<iframe", "<h1", "<div", "<font", "<table", "<a", "<style", "<title", "<b",
          "<body", "<br", "<p", "<!--");

  private ContentSniffer() {}

  static String type(Buffer first) {
    byte[] bytes = first.getBytes(0, Math.min(first.length(), SNIFFED_MAX));
    String start = new String(bytes, StandardCharsets.ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
    for (String page : PAGE_STARTS) {
      if (start.startsWith(page) && (page.equals("<!--") || start.length() > page.length() && " >".indexOf(start.charAt(page.length())) >= 0)) {
        return "text/html; charset=utf-8";
      }
    }
    if (start.startsWith("<?xml")) {
      return "text/xml; charset=utf-8";
    }
    for (byte b : bytes) {
      if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != 0x0c && b != 0x1b) {
        return "application/octet-stream";
      }
    }
    return "text/plain; charset=utf-8";
  }
}
