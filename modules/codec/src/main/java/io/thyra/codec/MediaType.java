package io.thyra.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One media type of a header with its parameters. Source: github.com/munnerz/goautoneg; Go's mime/mediatype.go.
public record MediaType(String type, String subtype, double quality, Map<String, String> parameters) {
  public MediaType {
    parameters = Map.copyOf(parameters);
  }

  /// The clauses of an Accept header, best first. Malformed ones are left out.
  public static List<MediaType> parseAccept(String header) {
    var clauses = new ArrayList<MediaType>();
    for (String part : header.split(",")) {
      MediaType clause = clause(trim(part));
      if (clause != null) {
        clauses.add(clause);
      }
    }
    // Upstream's comparison is no order (a narrow type with a low quality "precedes" a wildcard), so the result depends on
    // the algorithm: Go sorts up to twelve elements by insertion.
    for (int i = 1; i < clauses.size(); i++) {
      for (int j = i; j > 0 && precedes(clauses.get(j), clauses.get(j - 1)); j--) {
        MediaType moved = clauses.get(j);
        clauses.set(j, clauses.get(j - 1));
        clauses.set(j - 1, moved);
      }
    }
    return List.copyOf(clauses);
  }

  private static boolean precedes(MediaType a, MediaType b) {
    return a.quality > b.quality
        || !a.type.equals("*") && b.type.equals("*")
        || !a.subtype.equals("*") && b.subtype.equals("*");
  }

  private static @Nullable MediaType clause(String part) {
    int semicolon = part.indexOf(';');
    String range = semicolon < 0 ? part : part.substring(0, semicolon);
    int slash = range.indexOf('/');
    String type = trim(slash < 0 ? range : range.substring(0, slash));
    String subtype = slash < 0 ? "" : range.substring(slash + 1);
    if (subtype.isEmpty()) {
      if (!type.equals("*")) {
        return null;
      }
      subtype = "*";
    } else if (subtype.indexOf('/') >= 0 && subtype.indexOf('/') < subtype.length() - 1) {
      return null;
    } else {
      subtype = trim(subtype.endsWith("/") ? subtype.substring(0, subtype.length() - 1) : subtype);
    }
    double quality = 1;
    var parameters = new LinkedHashMap<String, String>();
    if (semicolon >= 0) {
      for (String parameter : part.substring(semicolon + 1).split(";")) {
        int equals = parameter.indexOf('=');
        if (equals < 0 || equals == parameter.length() - 1) {
          continue;
        }
        String value = parameter.substring(equals + 1);
        int second = value.indexOf('=');
        if (second >= 0 && second < value.length() - 1) {
          continue;
        }
        value = second >= 0 ? value.substring(0, second) : value;
        String name = trim(parameter.substring(0, equals));
        if (name.equals("q")) {
          quality = quality(value);
        } else {
          parameters.put(name, trim(value));
        }
      }
    }
    return new MediaType(type, subtype, quality, parameters);
  }

  private static double quality(String text) {
    try {
      return text.isEmpty() || text.charAt(text.length() - 1) > '9' ? 0 : Double.parseDouble(text.indexOf(' ') >= 0 ? "x" : text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private static String trim(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) == ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) == ' ') {
      to--;
    }
    return text.substring(from, to);
  }

  /// Whether this clause asks for a format.
  public boolean covers(Format format) {
    String mediaType = format.mediaType();
    int slash = mediaType.indexOf('/');
    boolean sameType = mediaType.regionMatches(0, type, 0, slash) && type.length() == slash;
    return sameType && (subtype.equals("*") || mediaType.substring(slash + 1).equals(subtype))
        || type.equals("*") && subtype.equals("*");
  }

  /// The bare type of a Content-Type header in lower case, null when the header is malformed.
  static @Nullable String contentType(String header) {
    int semicolon = header.indexOf(';');
    String bare = (semicolon < 0 ? header : header.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    int slash = bare.indexOf('/');
    if (bare.isEmpty() || !token(slash < 0 ? bare : bare.substring(0, slash))
        || slash >= 0 && !token(bare.substring(slash + 1))) {
      return null;
    }
    return semicolon < 0 || wellFormed(header.substring(semicolon)) ? bare : null;
  }

  /// Whether `;name=value` parameters are well formed and distinct; a last empty one is.
  private static boolean wellFormed(String parameters) {
    String rest = parameters;
    var seen = new java.util.HashSet<String>();
    while (!rest.isBlank()) {
      rest = rest.stripLeading();
      if (rest.charAt(0) != ';') {
        return false;
      }
      rest = rest.substring(1).stripLeading();
      if (rest.isEmpty()) {
        return true;
      }
      int equals = rest.indexOf('=');
      if (equals < 0 || !token(rest.substring(0, equals).strip()) || !seen.add(rest.substring(0, equals).strip().toLowerCase(Locale.ROOT))) {
        return false;
      }
      rest = rest.substring(equals + 1).stripLeading();
      int end = 0;
      if (rest.startsWith("\"")) {
        end = 1;
        while (end < rest.length() && rest.charAt(end) != '"') {
          end += rest.charAt(end) == '\\' ? 2 : 1;
        }
        end++;
        if (end > rest.length()) {
          return false;
        }
      } else {
        while (end < rest.length() && isTokenCharacter(rest.charAt(end))) {
          end++;
        }
        if (end == 0) {
          return false;
        }
      }
      rest = rest.substring(end);
    }
    return true;
  }

  private static boolean token(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> isTokenCharacter((char) c));
  }

  private static boolean isTokenCharacter(char c) {
    return c > ' ' && c < 127 && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
  }
}
