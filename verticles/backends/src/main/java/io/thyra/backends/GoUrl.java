package io.thyra.backends;

import io.thyra.model.GoText;
import io.thyra.model.Query;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// URLs as Go's net/url takes them apart and puts them together again. Texts off the wire hold one byte in each char.
/// Source: Go net/url, path.
public final class GoUrl {
  private static final String UNRESERVED = "-_.~";
  private static final String KEPT_IN_PATHS = UNRESERVED + "$&+,/:;=@";
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private GoUrl() {}

  /// The path of a request target with its escapes undone and made anew, so that an escaped slash becomes a plain one.
  public static String path(String target) {
    return escapePath(decodedPath(target));
  }

  /// The path of a request target with its escapes undone.
  public static String decodedPath(String target) {
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    int scheme = path.startsWith("/") ? -1 : path.indexOf("://");
    if (scheme > 0) {
      int slash = path.indexOf('/', scheme + 3);
      path = slash < 0 ? "/" : path.substring(slash);
    }
    return new String(unescape(path), StandardCharsets.ISO_8859_1);
  }

  /// The parameters of a request target, decoded, sorted by name and encoded again; empty for none.
  public static String query(String target) {
    int start = target.indexOf('?');
    if (start < 0) {
      return "";
    }
    return encode(Query.ofRequest(target.substring(start + 1)).parameters());
  }

  private static String encode(Map<String, List<String>> parameters) {
    var out = new StringBuilder();
    for (Map.Entry<String, List<String>> each : new TreeMap<>(parameters).entrySet()) {
      for (String value : each.getValue()) {
        out.append(out.isEmpty() ? "" : "&").append(escapeQuery(each.getKey())).append('=').append(escapeQuery(value));
      }
    }
    return out.toString();
  }

  /// A decoded path as it is sent.
  public static String escapePath(String path) {
    return escape(path.getBytes(StandardCharsets.ISO_8859_1), KEPT_IN_PATHS, "%20");
  }

  /// Parameters sorted by name and encoded.
  public static String encode(Query parameters) {
    return encode(parameters.parameters());
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
  public static String clean(String path) {
    String joined = joined(path);
    return path.endsWith("/") && !joined.equals("/") ? joined + "/" : joined;
  }

  /// The same without a slash at the end. Source: Go path.Join.
  static String joined(String path) {
    var segments = new ArrayDeque<String>();
    for (String segment : path.split("/")) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> segments.pollLast();
        default -> segments.add(segment);
      }
    }
    return "/" + String.join("/", segments);
  }

  /// Why a text is no URL, in Go's words; empty where it is one.
  public static String problem(String url) {
    for (int i = 0; i < url.length(); i++) {
      if (url.charAt(i) < 0x20 || url.charAt(i) == 0x7f) {
        return "parse " + GoText.quote(url) + ": net/url: invalid control character in URL";
      }
    }
    if (url.startsWith(":")) {
      return "parse " + GoText.quote(url) + ": missing protocol scheme";
    }
    int hash = url.indexOf('#');
    String whole = hash < 0 ? url : url.substring(0, hash);
    int mark = whole.indexOf('?');
    String rest = mark < 0 ? whole : whole.substring(0, mark);
    int slashes = rest.indexOf("//");
    String path = rest;
    if (slashes == 0 || slashes > 0 && rest.charAt(slashes - 1) == ':' && rest.indexOf('/') == slashes) {
      int end = rest.indexOf('/', slashes + 2);
      String host = rest.substring(slashes + 2, end < 0 ? rest.length() : end);
      path = end < 0 ? "" : rest.substring(end);
      String trouble = hostProblem(host);
      if (!trouble.isEmpty()) {
        return "parse " + GoText.quote(url) + ": " + trouble;
      }
    }
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      boolean hex = i + 2 < path.length() && Character.digit(path.charAt(i + 1), 16) >= 0 && Character.digit(path.charAt(i + 2), 16) >= 0;
      if (!hex) {
        return "parse " + GoText.quote(url) + ": invalid URL escape " + GoText.quote(path.substring(i, Math.min(i + 3, path.length())));
      }
    }
    return "";
  }

  private static String hostProblem(String authority) {
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c < 0x80 && !Character.isLetterOrDigit(c) && "-_.~!$&'()*+,;=:[]<>\"%".indexOf(c) < 0) {
        return "invalid character " + GoText.quote(String.valueOf(c)) + " in host name";
      }
    }
    int colon = host.startsWith("[") ? host.indexOf(':', Math.max(0, host.indexOf(']'))) : host.indexOf(':');
    if (colon >= 0 && !host.substring(colon + 1).chars().allMatch(c -> c >= '0' && c <= '9')) {
      return "invalid port " + GoText.quote(host.substring(colon)) + " after host";
    }
    return "";
  }
}
