package io.thyra.machinery.apply;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;

/// Reads the small JSON documents that stand inside other texts: keys of FieldsV1, defaults of the schema, the
/// last-applied annotation. Nesting is bounded, because the annotation is a client's text.
final class JsonText {
  private static final int DEPTH_MAX = 1000;

  private final String text;
  private int position;
  private int depth;

  private JsonText(String text) {
    this.text = text;
  }

  /// @throws IllegalArgumentException when the text is no JSON document
  static Value parse(String text) {
    var reader = new JsonText(text);
    Value value = reader.value();
    reader.skipSpace();
    if (reader.position < text.length()) {
      throw reader.broken();
    }
    return value;
  }

  private Value value() {
    skipSpace();
    if (position >= text.length()) {
      throw broken();
    }
    return switch (text.charAt(position)) {
      case '{' -> object();
      case '[' -> list();
      case '"' -> new StringValue(string());
      case 't' -> word("true", BooleanValue.TRUE);
      case 'f' -> word("false", BooleanValue.FALSE);
      case 'n' -> word("null", NullValue.NULL);
      default -> number();
    };
  }

  private Value object() {
    enter();
    var out = ObjectValue.builder();
    skipSpace();
    if (!take('}')) {
      do {
        skipSpace();
        if (position >= text.length() || text.charAt(position) != '"') {
          throw broken();
        }
        String name = string();
        skipSpace();
        expect(':');
        out.put(name, value());
        skipSpace();
      } while (take(','));
      expect('}');
    }
    depth--;
    return out.build();
  }

  private Value list() {
    enter();
    var items = new ArrayList<Value>();
    skipSpace();
    if (!take(']')) {
      do {
        items.add(value());
        skipSpace();
      } while (take(','));
      expect(']');
    }
    depth--;
    return new ListValue(items);
  }

  private void enter() {
    position++;
    if (++depth > DEPTH_MAX) {
      throw new IllegalArgumentException("exceeded max depth");
    }
  }

  private Value word(String word, Value value) {
    if (!text.startsWith(word, position)) {
      throw broken();
    }
    position += word.length();
    return value;
  }

  private Value number() {
    int start = position;
    boolean integer = true;
    take('-');
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-') {
        integer = false;
      } else if (c < '0' || c > '9') {
        break;
      }
      position++;
    }
    String digits = text.substring(start, position);
    try {
      if (integer && digits.length() < 19) {
        return new IntegerValue(Long.parseLong(digits));
      }
      Double.parseDouble(digits);
      return new DecimalValue(digits);
    } catch (NumberFormatException _) {
      position = start;
      throw broken();
    }
  }

  private String string() {
    position++;
    int start = position;
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c == '"') {
        return text.substring(start, position++);
      }
      if (c == '\\') {
        return escapedString(start);
      }
      if (c < 0x20) {
        throw broken();
      }
      position++;
    }
    throw broken();
  }

  private String escapedString(int start) {
    var out = new StringBuilder(text.substring(start, position));
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (position >= text.length()) {
        break;
      }
      char escape = text.charAt(position++);
      switch (escape) {
        case '"', '\\', '/' -> out.append(escape);
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          if (position + 4 > text.length()) {
            throw broken();
          }
          try {
            out.append((char) Integer.parseInt(text, position, position + 4, 16));
          } catch (NumberFormatException _) {
            throw broken();
          }
          position += 4;
        }
        default -> throw broken();
      }
    }
    throw broken();
  }

  private boolean take(char c) {
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw broken();
    }
  }

  private void skipSpace() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
        return;
      }
      position++;
    }
  }

  private IllegalArgumentException broken() {
    return new IllegalArgumentException(
        position >= text.length()
            ? "unexpected end of JSON input"
            : "invalid character '" + text.charAt(position) + "' at offset " + position);
  }
}
