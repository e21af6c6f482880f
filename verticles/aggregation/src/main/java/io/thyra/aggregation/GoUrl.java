package io.thyra.aggregation;

import io.thyra.model.Query;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/// URLs as Go's net/url takes them apart and puts them together again. Texts off the wire hold one byte in each char.
/// Source: Go net/url, path.
final class GoUrl {
  private static final String UNRESERVED = "-_.~";
  private static final String KEPT_IN_PATHS = UNRESERVED + "$&+,/:;=@";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private GoUrl() {}

  /// The path of a request target with its escapes undone and made anew, so that an escaped slash becomes a plain one.
  static String path(String target) {
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
    if (scheme > 0) {
      int slash = path.indexOf('/', scheme + 3);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    return escape(unescape(path), KEPT_IN_PATHS, "%20");
  }

  /// The parameters of a request target, decoded, sorted by name and encoded again; empty for none.
  static String query(String target) {
    int start = target.indexOf('?');
    if (start < 0) {
      return "";
    }
    var out = new StringBuilder();
    for (Map.Entry<String, java.util.List<String>> each : new TreeMap<>(Query.parse(target.substring(start + 1)).parameters()).entrySet()) {
      for (String value : each.getValue()) {
        out.append(out.isEmpty() ? "" : "&").append(escapeQuery(each.getKey())).append('=').append(escapeQuery(value));
      }
    }
    return out.toString();
  }

  private static String escapeQuery(String text) {
    return escape(text.getBytes(StandardCharsets.UTF_8), UNRESERVED, "+");
  }

  private static byte[] unescape(String text) {
    var out = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 2 < text.length()) {
        out.write(Character.digit(text.charAt(i + 1), 16) << 4 | Character.digit(text.charAt(i + 2), 16));
        i += 2;
      } else {
        out.write(c);
      }
    }
    return out.toByteArray();
  }

  private static String escape(byte[] bytes, String kept, String space) {
    var out = new StringBuilder(bytes.length + 8);
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (c == ' ') {
        out.append(space);
      } else if (c < 0x80 && (Character.isLetterOrDigit(c) || kept.indexOf(c) >= 0)) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 15]);
      }
    }
    return out.toString();
  }

  /// An absolute path without empty segments, `.` and `..`; a slash at the end stays.
  static String clean(String path) {
    var segments = new ArrayDeque<String>();
    for (String segment : path.split("/")) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> segments.pollLast();
        default -> segments.add(segment);
      }
    }
    return "/" + String.join("/", segments) + (path.endsWith("/") && !segments.isEmpty() ? "/" : "");
  }
}
