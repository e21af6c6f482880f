package io.thyra.ingress;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Texts as `Warning: 299 - "…"` headers. Repeated texts are told once. All texts of one answer together may have 4,096
/// characters; past that each is cut to 256, and texts that come after the budget is used up are dropped.
/// Source: apiserver pkg/endpoints/filters/warning.go, apimachinery pkg/util/net/http.go.
final class WarningHeaders {
  private static final int TOTAL_MAX = 4096;
  private static final int ITEM_MAX = 256;

  private WarningHeaders() {}

  static List<String> of(List<String> texts) {
    List<String> headers = new ArrayList<>(texts.size());
    int written = 0;
    boolean cutting = false;
    LinkedHashSet<String> told = new LinkedHashSet<>();
    for (String text : texts) {
      if (text.isEmpty() || cutting && written >= TOTAL_MAX || !told.add(text)) {
        continue;
      }
      String shown = cutting ? cut(text) : text;
      int length = shown.codePointCount(0, shown.length());
      if (!printable(shown)) {
        continue;
      }
      if (cutting || written + length <= TOTAL_MAX) {
        headers.add(header(shown));
        written += length;
        continue;
      }
      cutting = true;
      headers.clear();
      written = 0;
      for (String earlier : told) {
        String brief = cut(earlier);
        if (printable(brief)) {
          headers.add(header(brief));
          written += brief.codePointCount(0, brief.length());
        }
      }
    }
    return headers;
  }

  /// A header as it goes on the wire: Go writes UTF-8, and what writes our headers takes each char for a byte.
  static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static String header(String text) {
    var out = new StringBuilder(text.length() + 10).append("299 - \"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    return out.append('"').toString();
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) > ITEM_MAX ? text.substring(0, text.offsetByCodePoints(0, ITEM_MAX)) : text;
  }

  // Texts with control characters have no header form.
  private static boolean printable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}
