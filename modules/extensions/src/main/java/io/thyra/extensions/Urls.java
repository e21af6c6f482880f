package io.thyra.extensions;

import java.net.URI;
import java.net.URISyntaxException;

/// URLs as Go's net/url reads them.
final class Urls {
  private Urls() {}

  /// An absolute URL or an absolute path, as in the first line of an HTTP request.
  static boolean isRequestUri(String text) {
    if (text.isEmpty() || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      return false;
    }
    if (text.equals("*")) {
      return true;
    }
    int colon = schemeEnd(text);
    if (colon < 0) {
      return false;
    }
    String rest = colon == 0 ? text : text.substring(colon + 1);
    if (!rest.startsWith("/")) {
      // An opaque URL has a scheme, and nothing else is asked of it.
      return colon > 0;
    }
    return validEscapes(rest) && validAuthority(rest);
  }

  /// Where the scheme ends; 0 for none, -1 for what cannot be one.
  private static int schemeEnd(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (letter) {
        continue;
      }
      if (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
        if (i == 0) {
          return 0;
        }
      } else if (c == ':') {
        return i == 0 ? -1 : i;
      } else {
        return 0;
      }
    }
    return 0;
  }

  private static boolean validEscapes(String text) {
    int query = text.indexOf('?');
    String path = query < 0 ? text : text.substring(0, query);
    for (int i = path.indexOf('%'); i >= 0; i = path.indexOf('%', i + 1)) {
      if (i + 2 >= path.length() || Character.digit(path.charAt(i + 1), 16) < 0 || Character.digit(path.charAt(i + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean validAuthority(String rest) {
    if (!rest.startsWith("//") || rest.startsWith("///")) {
      return true;
    }
    int end = rest.indexOf('/', 2);
    int query = rest.indexOf('?', 2);
    int stop = end < 0 ? rest.length() : end;
    String authority = rest.substring(2, query < 0 ? stop : Math.min(stop, query));
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.startsWith("[")) {
      int close = host.lastIndexOf(']');
      return close > 0 && validPort(host.substring(close + 1));
    }
    int colon = host.lastIndexOf(':');
    return host.chars().noneMatch(c -> " \"<>\\^`{|}".indexOf(c) >= 0) && (colon < 0 || validPort(host.substring(colon)));
  }

  private static boolean validPort(String port) {
    return port.isEmpty() || port.startsWith(":") && port.substring(1).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /// Whether a text is a URL with a scheme and a host.
  static boolean hasSchemeAndHost(String text) {
    if (!isRequestUri(text)) {
      return false;
    }
    try {
      URI uri = new URI(text);
      return uri.getScheme() != null && uri.getRawAuthority() != null;
    } catch (URISyntaxException _) {
      return false;
    }
  }
}
