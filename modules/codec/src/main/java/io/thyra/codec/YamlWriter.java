package io.thyra.codec;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes YAML as upstream prints objects: keys in natural order, lists not indented below their key, long text folded
/// after column 80. Source: sigs.k8s.io/yaml; go.yaml.in/yaml/v2 encode.go, sorter.go and emitterc.go.
public final class YamlWriter {
  private static final int WIDTH = 80;
  // Longer keys need the explicit form.
  private static final int SIMPLE_KEY_MAX = 128;

  private final StringBuilder out = new StringBuilder(1024);
  private int column;

  private YamlWriter() {}

  public static byte[] write(Value value) {
    YamlWriter writer = new YamlWriter();
    writer.node(value, -2, true, false);
    if (writer.column > 0) {
      writer.newline();
    }
    return writer.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Writes a node whose parent stands at an indentation.
  ///
  /// @param lineBegun false where a space or a new line is due first
  /// @param inMapping whether the parent is a mapping, whose lists are not indented
  private void node(Value value, int parent, boolean lineBegun, boolean inMapping) {
    switch (value) {
      case ObjectValue object when !object.isEmpty() -> mapping(object, parent + 2, lineBegun);
      case ListValue list when !list.isEmpty() -> sequence(list, inMapping ? parent : parent + 2, lineBegun);
      case ObjectValue _ -> inline("{}", lineBegun);
      case ListValue _ -> inline("[]", lineBegun);
      case StringValue(var text) -> {
        if (!lineBegun) {
          put(' ');
        }
        // A text alone is indented as well.
        string(text, Math.max(parent + 2, 2), false);
      }
      case IntegerValue(var number) -> inline(Long.toString(number), lineBegun);
      case DecimalValue number -> inline(decimal(number), lineBegun);
      case BooleanValue truth -> inline(truth.toString(), lineBegun);
      case NullValue _ -> inline("null", lineBegun);
    }
  }

  /// A JSON number is read as YAML before it is written: integers of 64 bits stay, all others become floats.
  private static String decimal(DecimalValue number) {
    return YamlScalars.integer(number.text()) == null ? YamlScalars.printFloat(number.doubleValue()) : number.text();
  }

  private void inline(String text, boolean lineBegun) {
    if (!lineBegun) {
      put(' ');
    }
    put(text);
  }

  private void mapping(ObjectValue object, int indent, boolean lineBegun) {
    Integer[] order = new Integer[object.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> compareNaturally(object.nameAt(a), object.nameAt(b)));
    boolean begun = lineBegun;
    for (int position : order) {
      if (!begun) {
        indent(indent);
      }
      begun = false;
      String name = object.nameAt(position);
      if (name.getBytes(StandardCharsets.UTF_8).length > SIMPLE_KEY_MAX) {
        put("? ");
        string(name, indent + 2, false);
        indent(indent);
      } else {
        string(name, indent + 2, true);
      }
      put(':');
      node(object.valueAt(position), indent, false, true);
    }
  }

  private void sequence(ListValue list, int indent, boolean lineBegun) {
    boolean begun = lineBegun;
    for (Value item : list.items()) {
      if (!begun) {
        indent(indent);
      }
      begun = false;
      put("- ");
      node(item, indent, true, false);
    }
  }

  private void string(String text, int indent, boolean key) {
    YamlText form = YamlText.of(text);
    boolean plain = !YamlScalars.isAmbiguous(text);
    if (text.indexOf('\n') >= 0) {
      if (form.literal() && !key) {
        literal(text, indent);
      } else {
        doubleQuoted(text, indent, !key);
      }
    } else if (!plain || !form.singleQuoted()) {
      doubleQuoted(text, indent, !key);
    } else if (form.plain()) {
      folded(text, indent, !key);
    } else {
      put('\'');
      folded(text.replace("'", "''"), indent, !key);
      put('\'');
    }
  }

  /// Text that may go on in the next line where it has a single space.
  private void folded(String text, int indent, boolean breaks) {
    boolean afterSpace = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean space = c == ' ';
      if (space && breaks && !afterSpace && column > WIDTH && i > 0 && i < text.length() - 1 && text.charAt(i + 1) != ' ') {
        indent(indent);
      } else {
        put(c);
      }
      afterSpace = space;
    }
  }

  private void doubleQuoted(String text, int indent, boolean breaks) {
    put('"');
    boolean afterSpace = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int width = Character.charCount(c);
      if (c == ' ') {
        if (breaks && !afterSpace && column > WIDTH && i > 0 && i < text.length() - 1) {
          indent(indent);
          if (text.charAt(i + 1) == ' ') {
            put('\\');
          }
        } else {
          put(' ');
        }
        afterSpace = true;
      } else {
        if (c == '"' || c == '\\' || YamlText.isBreak(c) || !YamlText.isPrintable(c)) {
          put(YamlText.escape(c));
        } else {
          put(text.substring(i, i + width));
        }
        afterSpace = false;
      }
      i += width;
    }
    put('"');
  }

  private void literal(String text, int indent) {
    put('|');
    if (text.charAt(0) == ' ' || YamlText.isBreak(text.charAt(0))) {
      put('2');
    }
    int length = text.length();
    if (!YamlText.isBreak(text.charAt(length - 1))) {
      put('-');
    } else if (length == 1 || YamlText.isBreak(text.charAt(length - 2))) {
      put('+');
    }
    newline();
    boolean afterBreak = true;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        newline();
        afterBreak = true;
      } else {
        if (afterBreak) {
          pad(indent);
        }
        put(c);
        afterBreak = false;
      }
    }
  }

  /// Goes to a column of a new line, unless the line has not been begun.
  private void indent(int indent) {
    if (column > 0) {
      newline();
    }
    pad(indent);
  }

  private void pad(int indent) {
    while (column < indent) {
      put(' ');
    }
  }

  private void newline() {
    out.append('\n');
    column = 0;
  }

  private void put(String text) {
    out.append(text);
    column += text.codePointCount(0, text.length());
  }

  private void put(char c) {
    out.append(c);
    if (!Character.isLowSurrogate(c)) {
      column++;
    }
  }

  /// Upstream's order of keys: letters by code, digits by the number they make, letters after all else.
  static int compareNaturally(String first, String second) {
    int[] a = first.codePoints().toArray();
    int[] b = second.codePoints().toArray();
    for (int i = 0; i < a.length && i < b.length; i++) {
      if (a[i] == b[i]) {
        continue;
      }
      boolean aLetter = Character.isLetter(a[i]);
      boolean bLetter = Character.isLetter(b[i]);
      if (aLetter && bLetter) {
        return Integer.compare(a[i], b[i]);
      }
      if (aLetter || bLetter) {
        return bLetter ? -1 : 1;
      }
      long aNumber = 0;
      long bNumber = 0;
      if (a[i] == '0' || b[i] == '0') {
        for (int j = i - 1; j >= 0 && Character.isDigit(a[j]); j--) {
          if (a[j] != '0') {
            aNumber = 1;
            bNumber = 1;
            break;
          }
        }
      }
      int aEnd = i;
      while (aEnd < a.length && Character.isDigit(a[aEnd])) {
        aNumber = aNumber * 10 + a[aEnd++] - '0';
      }
      int bEnd = i;
      while (bEnd < b.length && Character.isDigit(b[bEnd])) {
        bNumber = bNumber * 10 + b[bEnd++] - '0';
      }
      if (aNumber != bNumber) {
        return Long.compare(aNumber, bNumber);
      }
      return aEnd != bEnd ? Integer.compare(aEnd, bEnd) : Integer.compare(a[i], b[i]);
    }
    return Integer.compare(a.length, b.length);
  }
}
