package io.thyra.model;

/// Values in the forms that Go's fmt and strconv print them, which upstream's error texts quote.
public final class GoText {
  private GoText() {}

  /// A string as strconv.Quote prints it.
  public static String quote(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> appendQuoted(out, c));
    return out.append('"').toString();
  }

  private static void appendQuoted(StringBuilder out, int c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case 0x07 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0x0b -> out.append("\\v");
      default -> {
        if (c < 0x20 || c == 0x7f) {
          out.append("\\x").append(hex(c, 2));
        } else if (printable(c)) {
          out.appendCodePoint(c);
        } else if (c < 0x10000) {
          out.append("\\u").append(hex(c, 4));
        } else {
          out.append("\\U").append(hex(c, 8));
        }
      }
    }
  }

  private static boolean printable(int c) {
    if (c == ' ') {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
          Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
      default -> true;
    };
  }

  private static String hex(int c, int digits) {
    return "%0".concat(digits + "x").formatted(c);
  }

  /// A value as a field error prints it: strings quoted, numbers and truth values bare, objects and lists as compact
  /// JSON with the names in the order they have.
  public static String of(Value value) {
    return switch (value) {
      case StringValue(String text) -> quote(text);
      case NumberValue number -> number.text();
      case BooleanValue truth -> truth.toString();
      case NullValue _ -> "null";
      case ObjectValue _, ListValue _ -> json(value);
    };
  }

  /// Compact JSON with Go's escapes (`<`, `>` and `&` too).
  public static String json(Value value) {
    var out = new StringBuilder();
    appendJson(out, value);
    return out.toString();
  }

  private static void appendJson(StringBuilder out, Value value) {
    switch (value) {
      case StringValue(String text) -> appendJsonString(out, text);
      case NumberValue number -> out.append(number.text());
      case BooleanValue truth -> out.append(truth);
      case NullValue _ -> out.append("null");
      case ListValue list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ",");
          appendJson(out, list.get(i));
        }
        out.append(']');
      }
      case ObjectValue object -> {
        out.append('{');
        for (int i = 0; i < object.size(); i++) {
          out.append(i == 0 ? "" : ",");
          appendJsonString(out, object.nameAt(i));
          out.append(':');
          appendJson(out, object.valueAt(i));
        }
        out.append('}');
      }
    }
  }

  /// A JSON string literal as Go's encoding/json writes it.
  public static void appendJsonString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '<', '>', '&', '\u2028', '\u2029' -> out.append("\\u").append(hex(c, 4));
        default -> {
          if (c < 0x20) {
            out.append("\\u").append(hex(c, 4));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
