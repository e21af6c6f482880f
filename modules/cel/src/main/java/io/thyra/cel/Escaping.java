package io.thyra.cel;

import java.util.Optional;
import java.util.Set;

/// The names of properties as CEL identifiers: `a.b-c` is `a__dot__b__dash__c`, `namespace` is `__namespace__`.
/// Source: apiserver pkg/cel/escaping.go.
public final class Escaping {
  private static final Set<String> RESERVED =
      Set.of(
          "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
          "loop", "package", "namespace", "return", "var", "void", "while");

  private Escaping() {}

  /// The identifier for a name; empty when there is none.
  public static Optional<String> escape(String name) {
    if (name.isEmpty() || name.charAt(0) >= '0' && name.charAt(0) <= '9') {
      return Optional.empty();
    }
    if (RESERVED.contains(name)) {
      return Optional.of("__" + name + "__");
    }
    var out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '.' -> out.append("__dot__");
        case '-' -> out.append("__dash__");
        case '/' -> out.append("__slash__");
        case '_' -> {
          boolean twice = i + 1 < name.length() && name.charAt(i + 1) == '_';
          out.append(twice ? "__underscores__" : "_");
          i += twice ? 1 : 0;
        }
        default -> {
          if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')) {
            return Optional.empty();
          }
          out.append(c);
        }
      }
    }
    return Optional.of(out.toString());
  }

  /// The name that an identifier stands for; empty when its escapes are none.
  public static Optional<String> unescape(String identifier) {
    int start = identifier.indexOf("__");
    if (start < 0) {
      return Optional.of(identifier);
    }
    var out = new StringBuilder(identifier.length());
    int from = 0;
    while (start >= 0) {
      int end = identifier.indexOf("__", start + 2);
      String word = end < 0 ? "" : identifier.substring(start + 2, end);
      if (word.isEmpty() || word.indexOf('_') >= 0) {
        break;
      }
      out.append(identifier, from, start);
      boolean whole = start == 0 && end + 2 == identifier.length();
      switch (word) {
        case "underscores" -> out.append("__");
        case "dot" -> out.append('.');
        case "dash" -> out.append('-');
        case "slash" -> out.append('/');
        default -> {
          if (!whole || !RESERVED.contains(word)) {
            return Optional.empty();
          }
          out.append(word);
        }
      }
      from = end + 2;
      start = identifier.indexOf("__", from);
    }
    return Optional.of(out.append(identifier, from, identifier.length()).toString());
  }

  /// Whether a text can name a variable.
  public static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && !RESERVED.contains(text)
        && !(text.charAt(0) >= '0' && text.charAt(0) <= '9')
        && text.chars().allMatch(c -> c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9');
  }
}
