package io.thyra.ingress;

import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The target of a request line, taken apart: the path with its escapes undone, the query as it was sent.
/// Parameters are decoded when they are asked for; most requests have none.
///
/// @param uri as it was sent
/// @param path decoded once, never cleaned: `..` and empty segments stay
record RequestTarget(String uri, String path, String rawQuery) {
  /// Null for a target whose escapes are broken, which is no HTTP request at all.
  static @Nullable RequestTarget parse(String uri) {
    int start = 0;
    if (uri.isEmpty()) {
      return null;
    }
    if (uri.charAt(0) != '/') {
      // A proxy's form of request line: http://host/path.
      int scheme = uri.indexOf("://");
      if (scheme > 0) {
        int slash = uri.indexOf('/', scheme + 3);
        if (slash < 0) {
          return new RequestTarget(uri, "/", "");
        }
        start = slash;
      } else if (!uri.equals("*")) {
        return null;
      }
    }
    int question = uri.indexOf('?', start);
    int end = question < 0 ? uri.length() : question;
    String path = decode(uri, start, end, false);
    return path == null ? null : new RequestTarget(uri, path, question < 0 ? "" : uri.substring(question + 1));
  }

  /// The first value of a parameter, null when it is absent. Pairs that hold a semicolon or a broken escape are left
  /// out, as Go's net/url does.
  @Nullable String parameter(String name) {
    int at = 0;
    while (at < rawQuery.length()) {
      int end = rawQuery.indexOf('&', at);
      if (end < 0) {
        end = rawQuery.length();
      }
      int equals = rawQuery.indexOf('=', at);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (isNamed(at, nameEnd, name) && !hasSemicolon(at, end)) {
        String value = nameEnd == end ? "" : decode(rawQuery, nameEnd + 1, end, true);
        if (value != null) {
          return value;
        }
      }
      at = end + 1;
    }
    return null;
  }

  /// All values of a parameter in their order.
  List<String> parameters(String name) {
    List<String> values = new ArrayList<>(2);
    for (String pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      String key = decode(pair, 0, equals < 0 ? pair.length() : equals, true);
      String value = equals < 0 ? "" : decode(pair, equals + 1, pair.length(), true);
      if (name.equals(key) && value != null && pair.indexOf(';') < 0) {
        values.add(value);
      }
    }
    return values;
  }

  private boolean isNamed(int start, int end, String name) {
    if (end - start == name.length() && rawQuery.regionMatches(start, name, 0, name.length())) {
      return true;
    }
    // Nobody escapes these names, but one may.
    for (int i = start; i < end; i++) {
      if (rawQuery.charAt(i) == '%') {
        return name.equals(decode(rawQuery, start, end, true));
      }
    }
    return false;
  }

  private boolean hasSemicolon(int start, int end) {
    int semicolon = rawQuery.indexOf(';', start);
    return semicolon >= 0 && semicolon < end;
  }

  private static @Nullable String decode(String text, int start, int end, boolean plusIsSpace) {
    int first = start;
    while (first < end) {
      char c = text.charAt(first);
      if (c == '%' || c > 0x7f || plusIsSpace && c == '+') {
        break;
      }
      first++;
    }
    if (first == end) {
      return text.substring(start, end);
    }
    byte[] bytes = new byte[end - start];
    int count = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < end ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < end ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        bytes[count++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        // HTTP parsers hand bytes above 7f over as one char each.
        bytes[count++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE)
          .decode(ByteBuffer.wrap(bytes, 0, count))
          .toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("replacing decoders do not fail", e);
    }
  }
}
