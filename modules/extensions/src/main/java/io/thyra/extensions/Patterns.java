package io.thyra.extensions;

import com.google.re2j.PatternSyntaxException;

/// What is wrong with a regular expression, in the words of Go's parser.
final class Patterns {
  private Patterns() {}

  static String complaint(PatternSyntaxException e) {
    String pattern = e.getPattern();
    // Go names the faulty part in backquotes; a part that is missing altogether shows the whole expression.
    return "error parsing regexp: " + e.getDescription() + (pattern == null || pattern.isEmpty() ? "" : ": `" + pattern + "`");
  }
}
