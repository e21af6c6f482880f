package io.thyra.ingress;

import io.thyra.model.AuthorizationAttributes.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Label selectors, as far as authorization looks at them: `a=b, c!=d, e in (f,g), h notin (i), j, !k, l>1`.
/// A text that does not parse asks for nothing here; the list or watch itself refuses it.
/// Source: apimachinery pkg/labels/selector.go.
final class LabelSelectorText {
  private final String text;
  private int at;

  private LabelSelectorText(String text) {
    this.text = text;
  }

  /// The terms of a selector; none when one of them does not parse.
  static List<Requirement> requirements(String selector) {
    try {
      return new LabelSelectorText(selector).read();
    } catch (IllegalArgumentException _) {
      return List.of();
    }
  }

  private List<Requirement> read() {
    List<Requirement> terms = new ArrayList<>(2);
    while (true) {
      terms.add(term());
      blanks();
      if (at == text.length()) {
        return terms;
      }
      expect(',');
    }
  }

  private Requirement term() {
    blanks();
    if (at < text.length() && text.charAt(at) == '!') {
      at++;
      return new Requirement(word(), "DoesNotExist", List.of());
    }
    String key = word();
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a term begins with a key");
    }
    blanks();
    if (at == text.length() || text.charAt(at) == ',') {
      return new Requirement(key, "Exists", List.of());
    }
    char c = text.charAt(at);
    if (c == '=' || c == '!') {
      at++;
      if (c == '!') {
        expect('=');
      } else if (at < text.length() && text.charAt(at) == '=') {
        at++;
      }
      return new Requirement(key, c == '!' ? "NotIn" : "In", List.of(word()));
    }
    if (c == '>' || c == '<') {
      at++;
      return new Requirement(key, c == '>' ? "GreaterThan" : "LessThan", List.of(word()));
    }
    String operator = word();
    return switch (operator) {
      case "in" -> new Requirement(key, "In", values());
      case "notin" -> new Requirement(key, "NotIn", values());
      default -> throw new IllegalArgumentException("unknown operator");
    };
  }

  private List<String> values() {
    blanks();
    expect('(');
    var values = new TreeSet<String>();
    while (true) {
      values.add(word());
      blanks();
      if (at < text.length() && text.charAt(at) == ')') {
        at++;
        return List.copyOf(values);
      }
      expect(',');
    }
  }

  private String word() {
    blanks();
    int start = at;
    while (at < text.length() && "=!(),<> \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private void blanks() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private void expect(char c) {
    if (at == text.length() || text.charAt(at) != c) {
      throw new IllegalArgumentException("unexpected character");
    }
    at++;
  }
}
