package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.List;

/// Writes JSON as Go's encoding/json prints it: compact or indented by two spaces, with `<`, `>`, `&`, U+2028 and U+2029
/// escaped. No newline at the end: upstream adds one to compact answers and none to pretty ones.
public final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  // Characters below 128 that stand for themselves.
  private static final boolean[] SAFE = new boolean[128];

  static {
    for (int c = 0x20; c < 128; c++) {
      SAFE[c] = c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
    }
  }

  private JsonWriter() {}

  public static byte[] write(Value value) {
    ByteSink out = new ByteSink(1024);
    write(value, out);
    return out.toByteArray();
  }

  public static byte[] writePretty(Value value) {
    ByteSink out = new ByteSink(2048);
    pretty(value, out, 0);
    return out.toByteArray();
  }

  public static void write(Value value, ByteSink out) {
    switch (value) {
      case ObjectValue object -> {
        int size = object.size();
        out.put('{');
        for (int i = 0; i < size; i++) {
          if (i > 0) {
            out.put(',');
          }
          string(object.nameAt(i), out);
          out.put(':');
          write(object.valueAt(i), out);
        }
        out.put('}');
      }
      case ListValue list -> {
        List<Value> items = list.items();
        out.put('[');
        for (int i = 0; i < items.size(); i++) {
          if (i > 0) {
            out.put(',');
          }
          write(items.get(i), out);
        }
        out.put(']');
      }
      case StringValue(var text) -> string(text, out);
      case IntegerValue(var number) -> out.decimal(number);
      case NumberValue number -> out.ascii(number.text());
      case BooleanValue truth -> out.ascii(truth.toString());
      case NullValue _ -> out.ascii("null");
    }
  }

  static void pretty(Value value, ByteSink out, int depth) {
    switch (value) {
      case ObjectValue object when !object.isEmpty() -> {
        out.put('{');
        for (int i = 0; i < object.size(); i++) {
          newline(out, i, depth + 1);
          string(object.nameAt(i), out);
          out.put(':').put(' ');
          pretty(object.valueAt(i), out, depth + 1);
        }
        newline(out, 0, depth);
        out.put('}');
      }
      case ListValue list when !list.isEmpty() -> {
        out.put('[');
        for (int i = 0; i < list.size(); i++) {
          newline(out, i, depth + 1);
          pretty(list.get(i), out, depth + 1);
        }
        newline(out, 0, depth);
        out.put(']');
      }
      default -> write(value, out);
    }
  }

  private static void newline(ByteSink out, int position, int depth) {
    if (position > 0) {
      out.put(',');
    }
    out.put('\n');
    for (int i = 0; i < depth; i++) {
      out.put(' ').put(' ');
    }
  }

  /// Whether an ASCII character stands for itself in a string.
  static boolean isSafe(int c) {
    return SAFE[c];
  }

  static void string(String text, ByteSink out) {
    out.put('"');
    int length = text.length();
    int safe = 0;
    while (safe < length) {
      char c = text.charAt(safe);
      if (c >= 128 || !SAFE[c]) {
        break;
      }
      safe++;
    }
    if (safe == length) {
      out.ascii(text);
    } else {
      escaped(text, out);
    }
    out.put('"');
  }

  private static void escaped(String text, ByteSink out) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 128) {
        if (SAFE[c]) {
          out.put(c);
        } else {
          escape(c, out);
        }
      } else if (c == '\u2028' || c == '\u2029') {
        out.ascii(c == '\u2028' ? "\\u2028" : "\\u2029");
      } else if (!Character.isSurrogate(c)) {
        out.codePoint(c);
      } else if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.codePoint(text.codePointAt(i));
        i++;
      } else {
        out.ascii("\\ufffd");
      }
    }
  }

  private static void escape(char c, ByteSink out) {
    out.put('\\');
    switch (c) {
      case '"', '\\' -> out.put(c);
      case '\b' -> out.put('b');
      case '\f' -> out.put('f');
      case '\n' -> out.put('n');
      case '\r' -> out.put('r');
      case '\t' -> out.put('t');
      default -> out.ascii("u00").put(HEX[c >> 4]).put(HEX[c & 15]);
    }
  }
}
