package io.thyra.backends;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/// Rewrites the links of pages in HTML.
/// Source: apimachinery pkg/util/proxy/transport.go.
public final class HtmlLinks {
  private static final Map<String, Set<String>> LINKS =
      Map.ofEntries(
          Map.entry("a", Set.of("href")),
          Map.entry("applet", Set.of("codebase")),
          Map.entry("area", Set.of("href")),
          Map.entry("audio", Set.of("src")),
          Map.entry("base", Set.of("href")),
          Map.entry("blockquote", Set.of("cite")),
          Map.entry("body", Set.of("background")),
          Map.entry("button", Set.of("formaction")),
          Map.entry("command", Set.of("icon")),
          Map.entry("del", Set.of("cite")),
          Map.entry("embed", Set.of("src")),
          Map.entry("form", Set.of("action")),
          Map.entry("frame", Set.of("longdesc", "src")),
          Map.entry("head", Set.of("profile")),
          Map.entry("html", Set.of("manifest")),
          Map.entry("iframe", Set.of("longdesc", "src")),
          Map.entry("img", Set.of("longdesc", "src", "usemap")),
          Map.entry("input", Set.of("src", "usemap", "formaction")),
          Map.entry("ins", Set.of("cite")),
          Map.entry("link", Set.of("href")),
          Map.entry("object", Set.of("classid", "codebase", "data", "usemap")),
          Map.entry("q", Set.of("cite")),
          Map.entry("script", Set.of("src")),
          Map.entry("source", Set.of("src")),
          Map.entry("video", Set.of("poster", "src")));
  // What is inside of these is no markup.
  private static final Set<String> RAW =
      Set.of("iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "title", "textarea", "xmp");

  private HtmlLinks() {}

  /// Whether the body of an answer is a page whose links can be rewritten.
  public static boolean isPage(MultiMap headers) {
    String type = headers.get("Content-Type");
    String encoding = headers.get("Content-Encoding");
    return type != null
        && type.split(";", 2)[0].strip().equals("text/html")
        && (encoding == null || Set.of("", "gzip", "deflate").contains(encoding));
  }

  public static Buffer rewritePage(Buffer page, @Nullable String encoding, Links to) {
    try {
      byte[] plain = unpacked(page.getBytes(), encoding);
      String text = new String(plain, StandardCharsets.ISO_8859_1);
      return Buffer.buffer(packed(rewriteMarkup(text, to).getBytes(StandardCharsets.ISO_8859_1), encoding));
    } catch (IOException _) {
      return page;
    }
  }

  private static byte[] unpacked(byte[] bytes, @Nullable String encoding) throws IOException {
    if (encoding == null || encoding.isEmpty()) {
      return bytes;
    }
    var in = new ByteArrayInputStream(bytes);
    try (var unpacking = encoding.equals("gzip") ? new GZIPInputStream(in) : new InflaterInputStream(in, new Inflater(true))) {
      return unpacking.readAllBytes();
    }
  }

  private static byte[] packed(byte[] bytes, @Nullable String encoding) throws IOException {
    if (encoding == null || encoding.isEmpty()) {
      return bytes;
    }
    var out = new ByteArrayOutputStream(bytes.length);
    try (var packing =
        encoding.equals("gzip")
            ? new GZIPOutputStream(out)
            : new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true))) {
      packing.write(bytes);
    }
    return out.toByteArray();
  }

  private static String rewriteMarkup(String text, Links to) {
    var out = new StringBuilder(text.length() + 64);
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('<', at);
      if (open < 0 || open + 1 >= text.length()) {
        break;
      }
      out.append(text, at, open);
      if (text.startsWith("<!--", open)) {
        int end = text.indexOf("-->", open + 4);
        at = end < 0 ? text.length() : end + 3;
        out.append(text, open, at);
      } else if (isLetter(text.charAt(open + 1))) {
        var tag = new Tag(text, open + 1);
        if (tag.end < 0) {
          at = open;
          break;
        }
        tag.write(out, to);
        at = tag.end;
        if (RAW.contains(tag.name)) {
          int close = text.toLowerCase(Locale.ROOT).indexOf("</" + tag.name, at);
          int until = close < 0 ? text.length() : close;
          out.append(text, at, until);
          at = until;
        }
      } else {
        int end = text.indexOf('>', open);
        at = end < 0 ? text.length() : end + 1;
        out.append(text, open, at);
      }
    }
    return out.append(text, Math.min(at, text.length()), text.length()).toString();
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
  }

  /// A start tag: its name and attributes.
  private static final class Tag {
    private final String name;
    private final java.util.LinkedHashMap<String, String> attributes = new java.util.LinkedHashMap<>();
    private boolean closed;
    /// Behind the tag; negative for one that does not end.
    private int end = -1;

    /// @param start of its name
    Tag(String text, int start) {
      int at = start;
      while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && "/>".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      name = text.substring(start, at).toLowerCase(Locale.ROOT);
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '>') {
          closed = text.charAt(at - 1) == '/';
          end = at + 1;
          return;
        }
        if (Character.isWhitespace(c) || c == '/') {
          at++;
        } else {
          at = attribute(text, at);
        }
      }
    }

    private int attribute(String text, int start) {
      int at = start;
      while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && "=/>".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      if (at == start) {
        at++;
      }
      String key = text.substring(start, at).toLowerCase(Locale.ROOT);
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      String value = "";
      if (at < text.length() && text.charAt(at) == '=') {
        at++;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
          at++;
        }
        int from = at;
        if (at < text.length() && "\"'".indexOf(text.charAt(at)) >= 0) {
          int close = text.indexOf(text.charAt(at), at + 1);
          int until = close < 0 ? text.length() : close;
          value = text.substring(from + 1, until);
          at = Math.min(until + 1, text.length());
        } else {
          while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && text.charAt(at) != '>') {
            at++;
          }
          value = text.substring(from, at);
        }
      }
      attributes.putIfAbsent(key, unescape(value));
      return at;
    }

    private void write(StringBuilder out, Links to) {
      Set<String> links = LINKS.getOrDefault(name, Set.of());
      out.append('<').append(name);
      attributes.forEach(
          (key, value) -> {
            String shown = links.contains(key) ? to.rewrite(value) : value;
            out.append(' ').append(key).append("=\"").append(escape(shown)).append('"');
          });
      out.append(closed ? "/>" : ">");
    }

    private static String escape(String value) {
      return value.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;");
    }

    private static String unescape(String value) {
      return value.indexOf('&') < 0
          ? value
          : value
              .replace("&#39;", "'")
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&#34;", "\"")
              .replace("&quot;", "\"")
              .replace("&amp;", "&");
    }
  }
}
