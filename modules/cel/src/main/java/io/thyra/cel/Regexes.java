package io.thyra.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Regular expressions with the semantics of Go, and functions on them. The last patterns are kept compiled; safe for many threads.
/// Source: apiserver pkg/cel/library/regex.go.
final class Regexes {
  private static final int KEPT_MAX = 512;

  private static final Map<String, Pattern> KEPT =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pattern> eldest) {
          return size() > KEPT_MAX;
        }
      };

  private Regexes() {}

  static void declare(Library lib) {
    lib.member("find", "string_find_string", Library.STRING, a -> find((String) a[0], illegal((String) a[1])), Library.STRING, Library.STRING);
    lib.member(
        "findAll",
        "string_find_all_string",
        Library.STRINGS,
        a -> findAll((String) a[0], illegal((String) a[1]), -1),
        Library.STRING,
        Library.STRING);
    lib.member(
        "findAll",
        "string_find_all_string_int",
        Library.STRINGS,
        a -> findAll((String) a[0], illegal((String) a[1]), (long) a[2]),
        Library.STRING,
        Library.STRING,
        Library.INT);
  }

  /// What is wrong with a pattern, in Go's words; empty when nothing is.
  static Optional<String> findProblem(String pattern) {
    try {
      compile(pattern);
      return Optional.empty();
    } catch (EvaluationException e) {
      return Optional.of(e.getMessage());
    }
  }

  /// @throws EvaluationException when the pattern is none
  static Pattern compile(String pattern) {
    synchronized (KEPT) {
      Pattern known = KEPT.get(pattern);
      if (known != null) {
        return known;
      }
    }
    Pattern compiled;
    try {
      compiled = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      String part = e.getPattern();
      String shown = part == null || part.isEmpty() ? "" : ": `" + part + "`";
      throw new EvaluationException("error parsing regexp: " + e.getDescription() + shown);
    }
    synchronized (KEPT) {
      KEPT.put(pattern, compiled);
    }
    return compiled;
  }

  private static Pattern illegal(String pattern) {
    try {
      return compile(pattern);
    } catch (EvaluationException e) {
      throw new EvaluationException("Illegal regex: " + e.getMessage());
    }
  }

  static boolean matches(String text, String pattern) {
    return compile(pattern).matcher(text).find();
  }

  private static String find(String text, Pattern pattern) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group() : "";
  }

  private static List<Object> findAll(String text, Pattern pattern, long max) {
    var found = new ArrayList<Object>();
    Matcher matcher = pattern.matcher(text);
    while ((max < 0 || found.size() < max) && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
