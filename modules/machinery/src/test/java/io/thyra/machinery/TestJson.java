package io.thyra.machinery;

import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;

/// Reads well-formed JSON for tests. Single quotes serve as double ones, so that Java sources stay readable.
final class TestJson {
  private final String text;
  private int at;

  private TestJson(String text) {
    this.text = text;
  }

  static Value read(String text) {
    return new TestJson(text.replace('\'', '"')).value();
  }

  static ObjectValue object(String text) {
    return (ObjectValue) read(text);
  }

  private char skip() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private boolean take(char c) {
    if (skip() == c) {
      at++;
      return true;
    }
    return false;
  }

  private Value value() {
    switch (skip()) {
      case '{' -> {
        at++;
        var out = ObjectValue.builder();
        while (!take('}')) {
          take(',');
          String name = string();
          take(':');
          out.put(name, value());
        }
        return out.build();
      }
      case '[' -> {
        at++;
        var items = new ArrayList<Value>();
        while (!take(']')) {
          take(',');
          items.add(value());
        }
        return new ListValue(items);
      }
      case '"' -> {
        return new StringValue(string());
      }
      default -> {
        int start = at;
        while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        return word(text.substring(start, at));
      }
    }
  }

  private String string() {
    skip();
    var out = new StringBuilder();
    for (at++; text.charAt(at) != '"'; at++) {
      if (text.charAt(at) == '\\') {
        at++;
      }
      out.append(text.charAt(at));
    }
    at++;
    return out.toString();
  }

  private static Value word(String word) {
    return switch (word) {
      case "true" -> BooleanValue.TRUE;
      case "false" -> BooleanValue.FALSE;
      case "null" -> NullValue.NULL;
      default -> word.matches("-?[0-9]{1,18}") ? new IntegerValue(Long.parseLong(word)) : new DecimalValue(word);
    };
  }
}
