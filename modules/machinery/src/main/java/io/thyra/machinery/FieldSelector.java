package io.thyra.machinery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A selector over a few named fields of a kind: all of its requirements must hold. An absent field counts as empty.
/// Immutable. Source: apimachinery pkg/fields/selector.go.
public record FieldSelector(List<Requirement> requirements) {
  public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

  private static final List<String> OPERATORS = List.of("!=", "==", "=");

  public FieldSelector {
    requirements = List.copyOf(requirements);
  }

  /// One condition: the field has the value, or has it not.
  public record Requirement(String field, boolean equal, String value) {
    @Override
    public String toString() {
      return field + (equal ? "=" : "!=") + escape(value);
    }
  }

  /// The selector of a query string such as `metadata.name=a,status.phase!=Running`.
  public static FieldSelector parse(String text) {
    String[] terms = terms(text).toArray(String[]::new);
    Arrays.sort(terms);
    var requirements = new ArrayList<Requirement>();
    for (String term : terms) {
      if (!term.isEmpty()) {
        requirements.add(requirement(text, term));
      }
    }
    return new FieldSelector(requirements);
  }

  /// The selector of one field with one value.
  public static FieldSelector ofEqual(String field, String value) {
    return new FieldSelector(List.of(new Requirement(field, true, value)));
  }

  // A comma after a backslash belongs to a value.
  private static List<String> terms(String text) {
    var terms = new ArrayList<String>();
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (escaped) {
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == ',') {
        terms.add(text.substring(start, i));
        start = i + 1;
      }
    }
    terms.add(text.substring(start));
    return terms;
  }

  private static Requirement requirement(String whole, String term) {
    for (int i = 0; i < term.length(); i++) {
      for (String operator : OPERATORS) {
        if (term.startsWith(operator, i)) {
          String value = unescape(term.substring(i + operator.length()));
          return new Requirement(term.substring(0, i), !operator.equals("!="), value);
        }
      }
    }
    throw new SyntaxException("invalid selector: '" + whole + "'; can't understand '" + term + "'");
  }

  static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }

  private static String unescape(String value) {
    var out = new StringBuilder();
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      if (c == '\\') {
        if (i == value.length()) {
          throw new SyntaxException("invalid field selector: invalid escape sequence: \\");
        }
        int escaped = value.codePointAt(i);
        if (escaped != '\\' && escaped != ',' && escaped != '=') {
          throw new SyntaxException("invalid field selector: invalid escape sequence: \\" + Character.toString(escaped));
        }
        out.appendCodePoint(escaped);
        i += Character.charCount(escaped);
      } else if (c == ',' || c == '=') {
        // Go prints the rune as a number.
        throw new SyntaxException("invalid field selector: unescaped character in value: " + c);
      } else {
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }

  /// The selector over a kind's own field names; requirements that the conversion empties are dropped.
  public FieldSelector convert(FieldLabelConversion conversion) {
    var converted = new ArrayList<Requirement>();
    for (Requirement requirement : requirements) {
      String field = conversion.convert(requirement.field());
      if (!field.isEmpty() || !requirement.value().isEmpty()) {
        converted.add(new Requirement(field, requirement.equal(), requirement.value()));
      }
    }
    return new FieldSelector(converted);
  }

  public boolean isEmpty() {
    return requirements.isEmpty();
  }

  /// Whether fields, looked up by name with null for absent, are selected.
  public boolean matches(Function<String, @Nullable String> fields) {
    for (Requirement requirement : requirements) {
      String found = fields.apply(requirement.field());
      if ((found == null ? "" : found).equals(requirement.value()) != requirement.equal()) {
        return false;
      }
    }
    return true;
  }

  /// The value that the first requirement of equality on a field demands.
  public Optional<String> exactValue(String field) {
    return requirements.stream()
        .filter(r -> r.equal() && r.field().equals(field))
        .map(Requirement::value)
        .findFirst();
  }

  @Override
  public String toString() {
    return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
  }
}
