package io.thyra.machinery;

import io.thyra.machinery.LabelSelector.Operator;
import io.thyra.machinery.LabelSelector.Requirement;
import io.thyra.model.FieldError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the query syntax of label selectors, with upstream's complaints. Used once per text.
final class LabelSelectorParser {
  private static final String BINARY_OPERATORS =
      Arrays.stream(Operator.values())
          .filter(o -> o != Operator.EXISTS && o != Operator.DOES_NOT_EXIST)
          .map(Operator::word)
          .collect(Collectors.joining(", "));

  private enum Kind {
    END,
    CLOSE,
    COMMA,
    NOT,
    OPERATOR,
    IDENTIFIER,
    // "in" and "notin": operators, or plain words where values are expected.
    WORD_OPERATOR,
    OPEN
  }

  private record Token(Kind kind, String literal) {
    /// The kind where a value may stand.
    Kind asValue() {
      return kind == Kind.WORD_OPERATOR ? Kind.IDENTIFIER : kind;
    }
  }

  private final List<Token> tokens;
  private int position;

  LabelSelectorParser(String text) {
    tokens = scan(text);
  }

  private static List<Token> scan(String text) {
    var tokens = new ArrayList<Token>();
    int at = 0;
    while (true) {
      while (at < text.length() && isSpace(text.charAt(at))) {
        at++;
      }
      if (at >= text.length() || text.charAt(at) == 0) {
        tokens.add(new Token(Kind.END, ""));
        return tokens;
      }
      int start = at;
      if (isSpecial(text.charAt(at))) {
        at++;
        char first = text.charAt(start);
        if ((first == '=' || first == '!') && at < text.length() && text.charAt(at) == '=') {
          at++;
        }
        tokens.add(special(text.substring(start, at)));
        continue;
      }
      while (at < text.length() && text.charAt(at) != 0 && !isSpecial(text.charAt(at)) && !isSpace(text.charAt(at))) {
        at++;
      }
      String word = text.substring(start, at);
      // A NUL ends a word and is swallowed by it.
      if (at < text.length() && text.charAt(at) == 0) {
        at++;
      }
      tokens.add(new Token(word.equals("in") || word.equals("notin") ? Kind.WORD_OPERATOR : Kind.IDENTIFIER, word));
    }
  }

  private static Token special(String literal) {
    Kind kind =
        switch (literal) {
          case ")" -> Kind.CLOSE;
          case "(" -> Kind.OPEN;
          case "," -> Kind.COMMA;
          case "!" -> Kind.NOT;
          default -> Kind.OPERATOR;
        };
    return new Token(kind, literal);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private static boolean isSpecial(char c) {
    return "=!(),><".indexOf(c) >= 0;
  }

  private Token peek() {
    return tokens.get(position);
  }

  private Token next() {
    return tokens.get(position++);
  }

  List<Requirement> parse() {
    var requirements = new ArrayList<Requirement>();
    while (true) {
      Token token = peek();
      if (token.kind() == Kind.END) {
        return requirements;
      }
      if (token.asValue() != Kind.IDENTIFIER && token.kind() != Kind.NOT) {
        throw new SyntaxException("found '" + token.literal() + "', expected: !, identifier, or 'end of string'");
      }
      try {
        requirements.add(requirement());
      } catch (SyntaxException e) {
        throw new SyntaxException("unable to parse requirement: " + e.text());
      }
      Token after = next();
      if (after.kind() == Kind.END) {
        return requirements;
      }
      if (after.kind() != Kind.COMMA) {
        throw new SyntaxException("found '" + after.literal() + "', expected: ',' or 'end of string'");
      }
      if (peek().asValue() != Kind.IDENTIFIER && peek().kind() != Kind.NOT) {
        throw new SyntaxException("found '" + peek().literal() + "', expected: identifier after ','");
      }
    }
  }

  private Requirement requirement() {
    Token token = next();
    boolean not = token.kind() == Kind.NOT;
    if (not) {
      token = next();
    }
    if (token.asValue() != Kind.IDENTIFIER) {
      throw new SyntaxException("found '" + token.literal() + "', expected: identifier");
    }
    String key = token.literal();
    List<String> errors = Names.qualifiedName(key);
    if (!errors.isEmpty()) {
      // The parser has no path, which prints as <nil>.
      throw new SyntaxException(FieldError.invalid(null, key, String.join("; ", errors)).toString());
    }
    if (not) {
      return Requirement.of(key, Operator.DOES_NOT_EXIST, List.of());
    }
    if (peek().kind() == Kind.END || peek().kind() == Kind.COMMA) {
      return Requirement.of(key, Operator.EXISTS, List.of());
    }
    Operator operator = operator();
    TreeSet<String> values = operator == Operator.IN || operator == Operator.NOT_IN ? values() : exactValue();
    return Requirement.of(key, operator, List.copyOf(values));
  }

  private Operator operator() {
    Token token = next();
    @Nullable Operator found =
        switch (token.literal()) {
          case "in" -> Operator.IN;
          case "notin" -> Operator.NOT_IN;
          case "=" -> Operator.EQUALS;
          case "==" -> Operator.DOUBLE_EQUALS;
          case "!=" -> Operator.NOT_EQUALS;
          case ">" -> Operator.GREATER_THAN;
          case "<" -> Operator.LESS_THAN;
          default -> null;
        };
    if (found == null) {
      throw new SyntaxException("found '" + token.literal() + "', expected: " + BINARY_OPERATORS);
    }
    return found;
  }

  private TreeSet<String> values() {
    Token open = next();
    if (open.kind() != Kind.OPEN) {
      throw new SyntaxException("found '" + open.literal() + "' expected: '('");
    }
    return switch (peek().asValue()) {
      case IDENTIFIER, COMMA -> {
        TreeSet<String> values = identifiers();
        // The list ends only before a closing parenthesis.
        next();
        yield values;
      }
      case CLOSE -> {
        next();
        yield new TreeSet<>(List.of(""));
      }
      case END, NOT, OPERATOR, WORD_OPERATOR, OPEN ->
          throw new SyntaxException("found '" + peek().literal() + "', expected: ',', ')' or identifier");
    };
  }

  private TreeSet<String> identifiers() {
    var values = new TreeSet<String>();
    while (true) {
      Token token = next();
      if (token.asValue() == Kind.IDENTIFIER) {
        values.add(token.literal());
        if (peek().kind() == Kind.CLOSE) {
          return values;
        }
        if (peek().kind() != Kind.COMMA) {
          throw new SyntaxException("found '" + peek().literal() + "', expected: ',' or ')'");
        }
      } else if (token.kind() == Kind.COMMA) {
        if (values.isEmpty()) {
          values.add("");
        }
        if (peek().kind() == Kind.CLOSE) {
          values.add("");
          return values;
        }
        if (peek().kind() == Kind.COMMA) {
          values.add("");
        }
      } else {
        throw new SyntaxException("found '" + token.literal() + "', expected: ',', or identifier");
      }
    }
  }

  private TreeSet<String> exactValue() {
    if (peek().kind() == Kind.END || peek().kind() == Kind.COMMA) {
      return new TreeSet<>(List.of(""));
    }
    Token token = next();
    if (token.asValue() != Kind.IDENTIFIER) {
      throw new SyntaxException("found '" + token.literal() + "', expected: identifier");
    }
    return new TreeSet<>(List.of(token.literal()));
  }
}
