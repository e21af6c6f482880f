package io.thyra.machinery.apply;

import io.thyra.machinery.GoPrint;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.GoFloat;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.NumberValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How structured merge compares values and how Go prints them. Source: structured-merge-diff value/value.go, Go fmt.
final class Values {
  private Values() {}

  /// Whether two values are the same; numbers by their size, objects whatever their order. Shared subtrees cost nothing.
  /// In lists what was sent empty is told from nothing, since upstream compares lists of its structs as Go does.
  static boolean equal(Value left, Value right) {
    if (left == right) {
      return true;
    }
    return switch (left) {
      case StringValue(String text) -> right instanceof StringValue(String other) && text.equals(other);
      case IntegerValue(long number) ->
          right instanceof IntegerValue(long other)
              ? number == other
              : right instanceof DecimalValue decimal && decimal.doubleValue() == number;
      case DecimalValue decimal -> right instanceof NumberValue other && decimal.doubleValue() == other.doubleValue();
      case BooleanValue _, NullValue _ -> false;
      case ListValue list -> right instanceof ListValue other && equal(list, other);
      case ObjectValue object -> right instanceof ObjectValue other && equal(object, other, false);
    };
  }

  private static boolean equalItems(Value left, Value right) {
    return left instanceof ObjectValue object && right instanceof ObjectValue other ? equal(object, other, true) : equal(left, right);
  }

  private static boolean equal(ListValue left, ListValue right) {
    int size = left.size();
    if (size != right.size()) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (!equalItems(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(ObjectValue left, ObjectValue right, boolean inList) {
    if (left == right) {
      return true;
    }
    int size = left.size();
    if (size != right.size() || inList && !left.saidEmptyLike(right)) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      String name = left.nameAt(i);
      // Two states of one object mostly have their names at the same places.
      Value other = right.nameAt(i).equals(name) ? right.valueAt(i) : right.get(name);
      if (other == null || !(inList ? equalItems(left.valueAt(i), other) : equal(left.valueAt(i), other))) {
        return false;
      }
    }
    return true;
  }

  static int hash(Value value) {
    return value instanceof NumberValue number ? Double.hashCode(number.doubleValue() + 0.0) : value.hashCode();
  }

  /// Orders values of any kinds: numbers, strings, truth values, lists, objects, null.
  static int compare(Value left, Value right) {
    int order = Integer.compare(rank(left), rank(right));
    if (order != 0) {
      return order;
    }
    return switch (left) {
      case IntegerValue(long number) when right instanceof IntegerValue(long other) -> Long.compare(number, other);
      case NumberValue number -> {
        double a = number.doubleValue();
        double b = ((NumberValue) right).doubleValue();
        yield a < b ? -1 : a > b ? 1 : 0;
      }
      case StringValue(String text) -> compareText(text, ((StringValue) right).value());
      case BooleanValue truth -> truth.compareTo((BooleanValue) right);
      case NullValue _ -> 0;
      case ListValue list -> {
        var other = (ListValue) right;
        for (int i = 0; i < list.size() && i < other.size(); i++) {
          int items = compare(list.get(i), other.get(i));
          if (items != 0) {
            yield items;
          }
        }
        yield Integer.compare(list.size(), other.size());
      }
      case ObjectValue object -> compare(object, (ObjectValue) right);
    };
  }

  private static int compare(ObjectValue left, ObjectValue right) {
    List<String> names = sortedNames(left);
    List<String> others = sortedNames(right);
    for (int i = 0; i < names.size() && i < others.size(); i++) {
      int order = compareText(names.get(i), others.get(i));
      if (order == 0) {
        order = compare(present(left, names.get(i)), present(right, others.get(i)));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(names.size(), others.size());
  }

  private static Value present(ObjectValue object, String name) {
    Value value = object.get(name);
    return value == null ? NullValue.NULL : value;
  }

  private static int rank(Value value) {
    return switch (value) {
      case NumberValue _ -> 0;
      case StringValue _ -> 1;
      case BooleanValue _ -> 2;
      case ListValue _ -> 3;
      case ObjectValue _ -> 4;
      case NullValue _ -> 5;
    };
  }

  /// Orders texts by their UTF-8 bytes, as Go does; UTF-16 order differs for surrogates only.
  static int compareText(String left, String right) {
    int shared = Math.min(left.length(), right.length());
    for (int i = 0; i < shared; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean surrogateA = Character.isSurrogate(a);
        return surrogateA == Character.isSurrogate(b) ? Character.compare(a, b) : surrogateA ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }

  static List<String> sortedNames(ObjectValue object) {
    var names = new ArrayList<>(object.names());
    names.sort(Values::compareText);
    return names;
  }

  /// A value as a path prints it: strings quoted.
  static String text(Value value) {
    return switch (value) {
      case StringValue(String text) -> GoText.quote(text);
      case IntegerValue number -> number.text();
      case DecimalValue number -> GoPrint.decimal(number.doubleValue());
      case BooleanValue truth -> truth.toString();
      case NullValue _ -> "null";
      case ListValue list -> {
        var out = new StringBuilder("[");
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ",").append(text(list.get(i)));
        }
        yield out.append(']').toString();
      }
      case ObjectValue object -> {
        var out = new StringBuilder();
        object.forEach((name, child) -> out.append(name).append('=').append(text(child)));
        yield out.toString();
      }
    };
  }

  /// A value as Go's `%v` prints the decoded JSON.
  static String plain(Value value) {
    var out = new StringBuilder();
    appendPlain(out, value);
    return out.toString();
  }

  private static void appendPlain(StringBuilder out, Value value) {
    switch (value) {
      case StringValue(String text) -> out.append(text);
      case IntegerValue number -> out.append(number.value());
      case DecimalValue number -> out.append(GoPrint.decimal(number.doubleValue()));
      case BooleanValue truth -> out.append(truth);
      case NullValue _ -> out.append("<nil>");
      case ListValue list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : " ");
          appendPlain(out, list.get(i));
        }
        out.append(']');
      }
      case ObjectValue object -> {
        out.append("map[");
        String gap = "";
        for (String name : sortedNames(object)) {
          out.append(gap).append(name).append(':');
          appendPlain(out, present(object, name));
          gap = " ";
        }
        out.append(']');
      }
    }
  }

  /// A value as Go's `%#v` prints the decoded JSON.
  static String syntax(Value value) {
    var out = new StringBuilder();
    appendSyntax(out, value);
    return out.toString();
  }

  private static void appendSyntax(StringBuilder out, Value value) {
    switch (value) {
      case StringValue(String text) -> out.append(GoText.quote(text));
      case IntegerValue number -> out.append(number.value());
      case DecimalValue number -> out.append(GoPrint.decimal(number.doubleValue()));
      case BooleanValue truth -> out.append(truth);
      case NullValue _ -> out.append("interface {}(nil)");
      case ListValue list -> {
        out.append("[]interface {}{");
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : ", ");
          appendSyntax(out, list.get(i));
        }
        out.append('}');
      }
      case ObjectValue object -> {
        out.append("map[string]interface {}{");
        String gap = "";
        for (String name : sortedNames(object)) {
          out.append(gap).append(GoText.quote(name)).append(':');
          appendSyntax(out, present(object, name));
          gap = ", ";
        }
        out.append('}');
      }
    }
  }

  /// The Go type that a value has once it is decoded.
  static String goType(Value value) {
    return switch (value) {
      case StringValue _ -> "string";
      case IntegerValue _ -> "int64";
      case DecimalValue _ -> "float64";
      case BooleanValue _ -> "bool";
      case NullValue _ -> "<nil>";
      case ListValue _ -> "[]interface {}";
      case ObjectValue _ -> "map[string]interface {}";
    };
  }

  /// Compact JSON with the names of objects sorted, as Go prints a map.
  static void appendJson(StringBuilder out, @Nullable Value value) {
    switch (value) {
      case null -> out.append("null");
      case StringValue(String text) -> appendJsonText(out, text, true);
      case IntegerValue number -> out.append(number.value());
      case DecimalValue number -> out.append(GoFloat.print(number.doubleValue()));
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
        String gap = "";
        for (String name : sortedNames(object)) {
          out.append(gap);
          appendJsonText(out, name, true);
          out.append(':');
          appendJson(out, object.get(name));
          gap = ",";
        }
        out.append('}');
      }
    }
  }

  /// A JSON string literal; with `html`, the characters that matter in HTML are escaped too.
  static void appendJsonText(StringBuilder out, String text, boolean html) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean escaped = c < 0x20 || html && (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029');
          if (escaped) {
            out.append("\\u").append("%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
