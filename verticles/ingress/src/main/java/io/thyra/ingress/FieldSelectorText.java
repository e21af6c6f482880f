package io.thyra.ingress;

import io.thyra.model.AuthorizationAttributes.Requirement;
import java.util.ArrayList;
import java.util.List;

/// Field selectors, as far as authorization looks at them. A text that does not parse asks for nothing here; the list
/// or watch itself refuses it. Source: apimachinery pkg/fields/selector.go.
final class FieldSelectorText {
  private FieldSelectorText() {}

  /// The value that a field must have, empty when the selector leaves it open.
  static String exactMatch(String selector, String field) {
    for (Requirement requirement : requirements(selector)) {
      if (requirement.key().equals(field) && requirement.operator().equals("In")) {
        return requirement.values().getFirst();
      }
    }
    return "";
  }

  /// The terms of a selector; none when one of them does not parse.
  static List<Requirement> requirements(String selector) {
    List<Requirement> requirements = new ArrayList<>(2);
    for (String term : terms(selector)) {
      if (term.isEmpty()) {
        continue;
      }
      int at = operatorAt(term);
      if (at < 0) {
        return List.of();
      }
      boolean not = term.charAt(at) == '!';
      int width = not || term.startsWith("==", at) ? 2 : 1;
      String value = unescape(term.substring(at + width));
      requirements.add(new Requirement(term.substring(0, at), not ? "NotIn" : "In", List.of(value)));
    }
    return requirements;
  }

  private static int operatorAt(String term) {
    for (int i = 0; i < term.length(); i++) {
      if (term.charAt(i) == '=' || term.startsWith("!=", i)) {
        return i;
      }
    }
    return -1;
  }

  private static List<String> terms(String selector) {
    List<String> terms = new ArrayList<>(2);
    int start = 0;
    for (int i = 0; i < selector.length(); i++) {
      char c = selector.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ',') {
        terms.add(selector.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(selector.substring(start));
    return terms;
  }

  private static String unescape(String value) {
    if (value.indexOf('\\') < 0) {
      return value;
    }
    var out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      out.append(c == '\\' && i + 1 < value.length() ? value.charAt(++i) : c);
    }
    return out.toString();
  }
}
