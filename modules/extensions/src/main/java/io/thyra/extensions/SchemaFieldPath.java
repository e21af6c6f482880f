package io.thyra.extensions;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A path of fields such as `.spec.color` or `.spec['x.y']`, checked against a schema. Pure.
/// Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go, ValidFieldPath.
///
/// @param names the steps; the first names a field of the root
/// @param schema what is found there, null where nothing is known
/// @param error why the path does not fit, empty when it does
record SchemaFieldPath(List<String> names, @Nullable StructuralSchema schema, String error) {
  private static final String NO_FIELD = "does not refer to a valid field";
  private static final String TOO_SHORT = "unexpected end of JSON path";

  SchemaFieldPath {
    names = List.copyOf(names);
  }

  private static SchemaFieldPath failed(String error) {
    return new SchemaFieldPath(List.of(), null, error);
  }

  static SchemaFieldPath find(String path, StructuralSchema root, boolean arrays) {
    List<String> tokens = tokens(path);
    var names = new ArrayList<String>();
    StructuralSchema schema = root;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      String name;
      switch (token) {
        case "[" -> {
          if (!arrays) {
            return failed("array notation is not allowed");
          }
          if (++i == tokens.size()) {
            return failed(TOO_SHORT);
          }
          String quoted = tokens.get(i);
          if (quoted.length() < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) {
            return failed("expected single quoted string but got " + quoted);
          }
          name = quoted.substring(1, quoted.length() - 1).replace("\\'", "'").replace("\\\\", "\\");
        }
        case "." -> {
          if (++i == tokens.size()) {
            return failed(TOO_SHORT);
          }
          name = tokens.get(i);
        }
        default -> {
          return failed("expected [ or . but got: " + token);
        }
      }
      if (schema == null) {
        return failed(NO_FIELD);
      }
      if (!schema.properties.isEmpty()) {
        schema = schema.properties.get(name);
        if (schema == null) {
          return failed(NO_FIELD);
        }
      } else if (schema.hasAdditional) {
        schema = schema.additional;
      } else {
        return failed(NO_FIELD);
      }
      names.add(name);
      if (token.equals("[")) {
        if (++i == tokens.size()) {
          return failed(TOO_SHORT);
        }
        if (!tokens.get(i).equals("]")) {
          return failed("expected ] but got " + tokens.get(i));
        }
      }
    }
    return new SchemaFieldPath(names, schema, "");
  }

  /// The path cut at `.`, `[` and `]`, which are tokens themselves; quoted text is one token.
  private static List<String> tokens(String path) {
    var tokens = new ArrayList<String>();
    int start = 0;
    while (start < path.length()) {
      int end = start;
      if (path.charAt(start) == '\'') {
        end = start + 1;
        while (end < path.length() && (path.charAt(end) != '\'' || path.charAt(end - 1) == '\\')) {
          end++;
        }
        end = Math.min(end + 1, path.length());
      } else if (isDelimiter(path.charAt(start))) {
        end++;
      } else {
        while (end < path.length() && !isDelimiter(path.charAt(end))) {
          end++;
        }
      }
      tokens.add(path.substring(start, end));
      start = end;
    }
    return tokens;
  }

  private static boolean isDelimiter(char c) {
    return c == '.' || c == '[' || c == ']';
  }
}
