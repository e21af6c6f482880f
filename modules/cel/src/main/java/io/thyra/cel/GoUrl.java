package io.thyra.cel;

import io.thyra.model.GoText;
import io.thyra.model.Query;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A URL as Go's net/url takes it apart, and what Go says of a text that is none.
///
/// @param host with the port, escapes undone
/// @param path as it is escaped in the text
/// @param query without the question mark, escaped
record GoUrl(String text, String scheme, String host, String path, String query) implements Opaque {
  static final String NAME = "kubernetes.URL";

  private static final String HOST_KEPT = "!$&'()*+,;=:[]<>\"";

  /// What is wrong with a URL.
  private static final class MalformedUrl extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedUrl(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public String typeName() {
    return NAME;
  }

  static void declare(Library lib) {
    var type = lib.type(Library.object(NAME));
    lib.global("url", "string_to_url", type, a -> parse((String) a[0]), Library.STRING);
    lib.global("isURL", "is_url_string", Library.BOOL, a -> findRequestProblem((String) a[0]).isEmpty(), Library.STRING);
    lib.member("getScheme", "url_get_scheme", Library.STRING, a -> ((GoUrl) a[0]).scheme(), type);
    lib.member("getHost", "url_get_host", Library.STRING, a -> ((GoUrl) a[0]).host(), type);
    lib.member("getHostname", "url_get_hostname", Library.STRING, a -> ((GoUrl) a[0]).hostname(), type);
    lib.member("getPort", "url_get_port", Library.STRING, a -> ((GoUrl) a[0]).port(), type);
    lib.member("getEscapedPath", "url_get_escaped_path", Library.STRING, a -> ((GoUrl) a[0]).path(), type);
    lib.member(
        "getQuery",
        "url_get_query",
        dev.cel.common.types.MapType.create(Library.STRING, Library.STRINGS),
        a -> ((GoUrl) a[0]).parameters(),
        type);
  }

  /// What keeps a text from being the target of a request, with Go's frame around it.
  static Optional<String> findRequestProblem(String text) {
    try {
      parse(text, true);
      return Optional.empty();
    } catch (MalformedUrl e) {
      return Optional.of("parse " + GoText.quote(text) + ": " + e.getMessage());
    }
  }

  private static GoUrl parse(String text) {
    Optional<String> problem = findRequestProblem(text);
    if (problem.isPresent()) {
      throw new EvaluationException("URL parse error during conversion from string: " + problem.get());
    }
    int fragment = text.indexOf('#');
    String url = fragment < 0 ? text : text.substring(0, fragment);
    try {
      return parse(url, false);
    } catch (MalformedUrl e) {
      throw new EvaluationException("URL parse error during conversion from string: parse " + GoText.quote(url) + ": " + e.getMessage());
    }
  }

  private static GoUrl parse(String text, boolean request) throws MalformedUrl {
    if (text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw new MalformedUrl("net/url: invalid control character in URL");
    }
    if (text.isEmpty() && request) {
      throw new MalformedUrl("empty url");
    }
    if (text.equals("*")) {
      return new GoUrl(text, "", "", "*", "");
    }
    int colon = schemeEnd(text);
    String scheme = colon == 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = colon == 0 ? text : text.substring(colon + 1);
    int mark = rest.indexOf('?');
    String query = mark < 0 ? "" : rest.substring(mark + 1);
    rest = mark < 0 ? rest : rest.substring(0, mark);
    if (!rest.startsWith("/")) {
      if (!scheme.isEmpty()) {
        return new GoUrl(text, scheme, "", "", query);
      }
      if (request) {
        throw new MalformedUrl("invalid URI for request");
      }
      int slash = rest.indexOf('/');
      if ((slash < 0 ? rest : rest.substring(0, slash)).indexOf(':') >= 0) {
        throw new MalformedUrl("first path segment in URL cannot contain colon");
      }
    }
    String host = "";
    if ((!scheme.isEmpty() || !request && !rest.startsWith("///")) && rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
      rest = slash < 0 ? "" : rest.substring(slash);
      host = host(scheme, authority);
    }
    unescape(rest, false);
    return new GoUrl(text, scheme, host, rest, query);
  }

  /// Where the scheme ends; 0 for none.
  private static int schemeEnd(String text) throws MalformedUrl {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
        continue;
      }
      if (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
        if (i == 0) {
          return 0;
        }
      } else if (c == ':') {
        if (i == 0) {
          throw new MalformedUrl("missing protocol scheme");
        }
        return i;
      } else {
        return 0;
      }
    }
    return 0;
  }

  private static String host(String scheme, String authority) throws MalformedUrl {
    int at = authority.lastIndexOf('@');
    String host = host(authority.substring(at + 1), scheme.equals("http") || scheme.equals("https"));
    if (at >= 0) {
      String user = authority.substring(0, at);
      boolean valid = user.chars().allMatch(c -> c < 0x80 && Character.isLetterOrDigit(c) || "-._:~!$&'()*+,;=%@".indexOf(c) >= 0);
      if (!valid) {
        throw new MalformedUrl("net/url: invalid userinfo");
      }
      unescape(user, false);
    }
    return host;
  }

  private static String host(String host, boolean strictColons) throws MalformedUrl {
    int open = host.lastIndexOf('[');
    if (open > 0) {
      throw new MalformedUrl("invalid IP-literal");
    }
    if (open == 0) {
      int close = host.lastIndexOf(']');
      if (close < 0) {
        throw new MalformedUrl("missing ']' in host");
      }
      port(host.substring(close + 1));
      String name = unescape(host.substring(1, close), true);
      try {
        if (NetLibrary.address(name.replaceFirst("%25", "%"), true).isV4()) {
          throw new MalformedUrl("invalid IP-literal");
        }
      } catch (EvaluationException e) {
        throw new MalformedUrl("invalid host: " + e.getMessage());
      }
      return "[" + name + "]" + host.substring(close + 1);
    }
    int colon = strictColons ? host.indexOf(':') : host.lastIndexOf(':');
    if (colon >= 0) {
      port(host.substring(colon));
    }
    return unescape(host, true);
  }

  private static void port(String port) throws MalformedUrl {
    boolean valid = port.isEmpty() || port.charAt(0) == ':' && port.chars().skip(1).allMatch(c -> c >= '0' && c <= '9');
    if (!valid) {
      throw new MalformedUrl("invalid port " + GoText.quote(port) + " after host");
    }
  }

  private static String unescape(String text, boolean ofHost) throws MalformedUrl {
    var out = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        boolean escape = i + 2 < text.length() && isHex(text.charAt(i + 1)) && isHex(text.charAt(i + 2));
        String shown = text.substring(i, Math.min(text.length(), i + 3));
        if (!escape || ofHost && Character.digit(text.charAt(i + 1), 16) < 8 && !shown.equals("%25")) {
          throw new MalformedUrl("invalid URL escape " + GoText.quote(shown));
        }
        out.write(Integer.parseInt(shown.substring(1), 16));
        i += 2;
      } else {
        boolean plain = c >= 0x80 || Character.isLetterOrDigit(c) || "-_.~".indexOf(c) >= 0 || HOST_KEPT.indexOf(c) >= 0;
        if (ofHost && !plain) {
          throw new MalformedUrl("invalid character " + GoText.quote(String.valueOf(c)) + " in host name");
        }
        int end = Character.isHighSurrogate(c) && i + 1 < text.length() ? i + 2 : i + 1;
        out.writeBytes(text.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end - 1;
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static boolean isHex(char c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
  }

  private String hostname() {
    if (host.startsWith("[")) {
      int close = host.indexOf(']');
      return close < 0 ? host : host.substring(1, close);
    }
    String port = port();
    return port.isEmpty() && !host.endsWith(":") ? host : host.substring(0, host.length() - port.length() - 1);
  }

  private String port() {
    int colon = host.lastIndexOf(':');
    boolean port = colon >= 0 && host.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
    return port ? host.substring(colon + 1) : "";
  }

  private Object parameters() {
    Map<String, List<String>> parameters = Query.parse(query).parameters();
    return CelValues.mapOf(parameters);
  }
}
