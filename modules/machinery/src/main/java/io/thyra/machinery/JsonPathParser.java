package io.thyra.machinery;

import io.thyra.machinery.JsonPathNode.Array;
import io.thyra.machinery.JsonPathNode.Constant;
import io.thyra.machinery.JsonPathNode.Field;
import io.thyra.machinery.JsonPathNode.Filter;
import io.thyra.machinery.JsonPathNode.Identifier;
import io.thyra.machinery.JsonPathNode.Recursive;
import io.thyra.machinery.JsonPathNode.Steps;
import io.thyra.machinery.JsonPathNode.Union;
import io.thyra.machinery.JsonPathNode.Wildcard;
import io.thyra.model.BooleanValue;
import io.thyra.model.DecimalValue;
import io.thyra.model.IntegerValue;
import io.thyra.model.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads JSON path templates, with upstream's complaints. Used once per text.
/// Source: client-go util/jsonpath/parser.go.
final class JsonPathParser {
  private static final Pattern DICT_KEY = Pattern.compile("'([^']*)'");
  private static final Pattern SLICE = Pattern.compile("(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?");
  private static final Pattern COMPARISON = Pattern.compile("([^!<>=]+)([!<>=]+)(.+)");
  private static final int END = -1;

  private final String input;
  private int at;

  JsonPathParser(String input) {
    this.input = input;
  }

  List<JsonPathNode> parse() {
    var parts = new ArrayList<JsonPathNode>();
    while (at < input.length()) {
      int brace = input.indexOf('{', at);
      int textEnd = brace < 0 ? input.length() : brace;
      if (textEnd > at) {
        parts.add(text(input.substring(at, textEnd)));
      }
      at = textEnd;
      if (brace >= 0) {
        at++;
        parts.add(action());
      }
    }
    return parts;
  }

  private static Constant text(String text) {
    return new Constant(new StringValue(text), true);
  }

  // A nested path is read as if it stood in braces of its own.
  private static Steps nested(String text) {
    List<JsonPathNode> parts = new JsonPathParser("{" + text + "}").parse();
    return parts.getFirst() instanceof Steps steps ? steps : new Steps(List.of());
  }

  private int peek() {
    return at < input.length() ? input.codePointAt(at) : END;
  }

  private int next() {
    int c = peek();
    at += c == END ? 0 : Character.charCount(c);
    return c;
  }

  private Steps action() {
    var nodes = new ArrayList<JsonPathNode>();
    while (!input.startsWith("}", at)) {
      if (input.startsWith("[?(", at)) {
        nodes.add(filter());
      } else if (input.startsWith("..", at)) {
        recursive(nodes);
      } else {
        step(nodes);
      }
    }
    at++;
    return new Steps(List.copyOf(nodes));
  }

  private void step(List<JsonPathNode> nodes) {
    int start = at;
    int c = next();
    if (c == END || c == '\r' || c == '\n') {
      throw new SyntaxException("unclosed action");
    }
    if (c == '[') {
      array(nodes, start);
    } else if (c == '"' || c == '\'') {
      nodes.add(quoted(start, (char) c));
    } else if (c == '.') {
      nodes.add(field());
    } else if (c == '+' || c == '-' || Character.isDigit(c)) {
      at = start;
      nodes.add(number());
    } else if (isAlphanumeric(c)) {
      at = start;
      nodes.add(identifier());
    } else if (c != ' ' && c != '@' && c != '$') {
      throw new SyntaxException(
          "unrecognized character in action: U+%04X".formatted(c)
              + (Character.isISOControl(c) ? "" : " '" + Character.toString(c) + "'"));
    }
  }

  private void recursive(List<JsonPathNode> nodes) {
    if (!nodes.isEmpty() && nodes.getLast() instanceof Recursive) {
      throw new SyntaxException("invalid multiple recursive descent");
    }
    at += 2;
    nodes.add(Recursive.RECURSIVE);
    if (isAlphanumeric(peek())) {
      // The first letter has no dot before it.
      nodes.add(field());
    }
  }

  private JsonPathNode field() {
    int start = at;
    while (true) {
      int c = peek();
      if (isTerminator(c)) {
        break;
      }
      next();
      if (c == '\\') {
        next();
      }
    }
    String name = input.substring(start, at);
    return name.equals("*") ? Wildcard.WILDCARD : new Field(name.replace("\\", ""));
  }

  private JsonPathNode identifier() {
    int start = at;
    while (!isTerminator(peek())) {
      next();
    }
    String name = input.substring(start, at);
    return name.equals("true") || name.equals("false")
        ? new Constant(BooleanValue.of(name.equals("true")), false)
        : new Identifier(name);
  }

  private JsonPathNode number() {
    int start = at;
    if (peek() == '+' || peek() == '-') {
      next();
    }
    while (peek() == '.' || Character.isDigit(peek())) {
      next();
    }
    String text = input.substring(start, at);
    try {
      return new Constant(new IntegerValue(GoNumbers.atoi(text)), false);
    } catch (SyntaxException _) {
      if (!text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)")) {
        throw new SyntaxException("cannot parse number " + text);
      }
      return new Constant(DecimalValue.of(Double.parseDouble(text)), false);
    }
  }

  private void array(List<JsonPathNode> nodes, int start) {
    int close = input.indexOf(']', at);
    int line = input.indexOf('\n', at);
    if (close < 0 || line >= 0 && line < close) {
      throw new SyntaxException("unterminated array");
    }
    String text = input.substring(start + 1, close);
    at = close + 1;
    String[] parts = text.split(",", -1);
    if (parts.length > 1) {
      var branches = new ArrayList<Steps>();
      for (String part : parts) {
        branches.add(nested("[" + trimSpaces(part) + "]"));
      }
      nodes.add(new Union(branches));
      return;
    }
    Matcher key = DICT_KEY.matcher(text);
    if (key.matches()) {
      nodes.addAll(nested("." + key.group(1)).nodes());
      return;
    }
    nodes.add(slice(text.equals("*") ? ":" : text));
  }

  private static String trimSpaces(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) == ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) == ' ') {
      end--;
    }
    return text.substring(start, end);
  }

  private static Array slice(String text) {
    Matcher matcher = SLICE.matcher(text);
    if (!matcher.matches()) {
      throw new SyntaxException("invalid array index " + text);
    }
    String to = matcher.group(2);
    String step = matcher.group(3);
    return new Array(
        index(matcher.group(1)),
        to == null ? OptionalLong.empty() : index(to.substring(1)),
        step == null ? OptionalLong.empty() : index(step.substring(1)),
        to == null || to.isEmpty());
  }

  private static OptionalLong index(String text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(GoNumbers.atoi(text));
    } catch (SyntaxException _) {
      throw new SyntaxException("array index " + text + " is not a number");
    }
  }

  private JsonPathNode filter() {
    at += 3;
    int start = at;
    boolean begun = false;
    boolean ended = false;
    int pair = END;
    while (true) {
      int c = next();
      if (c == END || c == '\n') {
        throw new SyntaxException("unterminated filter");
      }
      if (c == '"' || c == '\'') {
        if (!begun) {
          begun = true;
          pair = c;
        } else if (input.charAt(at - 2) != '\\' && c == pair) {
          ended = true;
        }
      } else if (c == ')' && begun == ended) {
        break;
      }
    }
    int end = at - 1;
    if (next() != ']') {
      throw new SyntaxException("unclosed array expect ]");
    }
    String text = input.substring(start, end);
    Matcher comparison = COMPARISON.matcher(text);
    return comparison.matches()
        ? new Filter(nested(comparison.group(1)), nested(comparison.group(3)), comparison.group(2))
        : new Filter(nested(text), new Steps(List.of()), "exists");
  }

  private JsonPathNode quoted(int start, char quote) {
    while (true) {
      int c = next();
      if (c == END || c == '\n') {
        throw new SyntaxException("unterminated quoted string");
      }
      if (c == quote && input.charAt(at - 2) != '\\') {
        break;
      }
    }
    String whole = input.substring(start, at);
    return text(unquote(whole, quote));
  }

  private static String unquote(String whole, char quote) {
    String body = whole.length() < 2 ? "" : whole.substring(1, whole.length() - 1);
    var out = new StringBuilder();
    for (int i = 0; i < body.length(); i++) {
      char c = body.charAt(i);
      if (c == quote || c == '\\' && i + 1 == body.length()) {
        throw new SyntaxException("unquote string " + whole + " error invalid syntax");
      }
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = body.charAt(++i);
      int simple = "abfnrtv\\".indexOf(c);
      if (simple >= 0) {
        out.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
      } else if (c == quote) {
        out.append(c);
      } else {
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (digits == 0 || !body.substring(i + 1, Math.min(body.length(), i + 1 + digits)).matches("[0-9a-fA-F]{" + digits + "}")) {
          throw new SyntaxException("unquote string " + whole + " error invalid syntax");
        }
        out.appendCodePoint(Integer.parseUnsignedInt(body.substring(i + 1, i + 1 + digits), 16));
        i += digits;
      }
    }
    return out.toString();
  }

  private static boolean isTerminator(int c) {
    return c == END || " \t\r\n.,[]$@{}".indexOf(c) >= 0;
  }

  private static boolean isAlphanumeric(int c) {
    return c == '_' || c != END && (Character.isLetter(c) || Character.isDigit(c));
  }
}
