package io.thyra.codec;

/// In which styles a text may stand in block YAML. Source: go.yaml.in/yaml/v2 emitterc.go.
record YamlText(boolean plain, boolean singleQuoted, boolean literal) {
  static YamlText of(String text) {
    if (text.isEmpty()) {
      return new YamlText(true, true, false);
    }
    boolean indicators = text.startsWith("---") || text.startsWith("...");
    boolean special = false;
    boolean lineBreaks = false;
    boolean spaceBreak = false;
    boolean breakSpace = false;
    boolean previousSpace = false;
    boolean previousBreak = false;
    int length = text.length();
    for (int i = 0; i < length; ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      boolean blankFollows = next >= length || text.charAt(next) == ' ' || text.charAt(next) == '\t';
      indicators = indicators || isIndicator(c, i == 0, blankFollows, i == 0 || isBlank(text.charAt(i - 1)));
      special = special || !isPrintable(c);
      boolean isSpace = c == ' ';
      boolean isBreak = isBreak(c);
      lineBreaks = lineBreaks || isBreak;
      breakSpace = breakSpace || isSpace && previousBreak;
      spaceBreak = spaceBreak || isBreak && previousSpace;
      previousSpace = isSpace;
      previousBreak = isBreak;
      i = next;
    }
    char first = text.charAt(0);
    char last = text.charAt(length - 1);
    boolean edges = first == ' ' || last == ' ' || isBreak(first) || isBreak(last);
    boolean never = spaceBreak || special;
    return new YamlText(
        !edges && !breakSpace && !never && !lineBreaks && !indicators,
        !breakSpace && !never,
        last != ' ' && !never);
  }

  private static boolean isIndicator(int c, boolean first, boolean blankFollows, boolean blankPrecedes) {
    if (first) {
      return switch (c) {
        case '#', ',', '[', ']', '{', '}', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`' -> true;
        case '?', ':', '-' -> blankFollows;
        default -> false;
      };
    }
    return c == ':' && blankFollows || c == '#' && blankPrecedes;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || isBreak(c);
  }

  static boolean isBreak(int c) {
    return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
  }

  /// Tabs and characters beyond 16 bits count as unprintable upstream.
  static boolean isPrintable(int c) {
    return c == '\n' || c >= 0x20 && c <= 0x7E || c >= 0xA0 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE && c != 0xFEFF;
  }

  static String escape(int c) {
    return switch (c) {
      case 0 -> "\\0";
      case 7 -> "\\a";
      case '\b' -> "\\b";
      case '\t' -> "\\t";
      case '\n' -> "\\n";
      case 0x0B -> "\\v";
      case '\f' -> "\\f";
      case '\r' -> "\\r";
      case 0x1B -> "\\e";
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case 0x85 -> "\\N";
      case 0xA0 -> "\\_";
      case 0x2028 -> "\\L";
      case 0x2029 -> "\\P";
      default -> c <= 0xFF ? hex("\\x", c, 2) : c <= 0xFFFF ? hex("\\u", c, 4) : hex("\\U", c, 8);
    };
  }

  private static String hex(String prefix, int c, int digits) {
    String hex = Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT);
    return prefix + "0".repeat(digits - hex.length()) + hex;
  }
}
