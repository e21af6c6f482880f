package io.thyra.groups.coordination;

import java.util.List;
import java.util.Optional;

/// A semantic version: three numbers, words of a pre-release, and a build that does not count.
/// Source: semver.org, version 2.
record Semver(long major, long minor, long patch, List<String> preRelease) implements Comparable<Semver> {
  static final Semver ZERO = new Semver(0, 0, 0, List.of());

  static Optional<Semver> parse(String text) {
    String[] parts = text.split("\\.", 3);
    if (parts.length != 3) {
      return Optional.empty();
    }
    String rest = parts[2];
    int plus = rest.indexOf('+');
    String build = plus < 0 ? "x" : rest.substring(plus + 1);
    rest = plus < 0 ? rest : rest.substring(0, plus);
    int dash = rest.indexOf('-');
    String release = dash < 0 ? "x" : rest.substring(dash + 1);
    String patch = dash < 0 ? rest : rest.substring(0, dash);
    boolean valid = isNumber(parts[0]) && isNumber(parts[1]) && isNumber(patch) && words(release, true) && words(build, false);
    if (!valid) {
      return Optional.empty();
    }
    List<String> words = dash < 0 ? List.of() : List.of(release.split("\\.", -1));
    return Optional.of(new Semver(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(patch), words));
  }

  private static boolean words(String text, boolean strictNumbers) {
    for (String word : text.split("\\.", -1)) {
      boolean letters = !word.isEmpty() && word.chars().allMatch(c -> c == '-' || c < 0x80 && Character.isLetterOrDigit(c));
      if (!letters || strictNumbers && isDigits(word) && !isNumber(word)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.length() < 19 && isDigits(text) && (text.length() == 1 || text.charAt(0) != '0');
  }

  @Override
  public int compareTo(Semver other) {
    int order = Long.compare(major, other.major);
    order = order != 0 ? order : Long.compare(minor, other.minor);
    order = order != 0 ? order : Long.compare(patch, other.patch);
    if (order != 0 || preRelease.equals(other.preRelease)) {
      return order;
    }
    if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
      return preRelease.isEmpty() ? 1 : -1;
    }
    for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
      int words = compare(preRelease.get(i), other.preRelease.get(i));
      if (words != 0) {
        return words;
      }
    }
    return Integer.compare(preRelease.size(), other.preRelease.size());
  }

  private static int compare(String left, String right) {
    boolean leftNumber = isNumber(left);
    boolean rightNumber = isNumber(right);
    if (leftNumber && rightNumber) {
      return Long.compare(Long.parseLong(left), Long.parseLong(right));
    }
    return leftNumber != rightNumber ? (leftNumber ? -1 : 1) : left.compareTo(right);
  }
}
