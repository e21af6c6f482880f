package io.thyra.cel;

import static io.thyra.cel.Library.BOOL;
import static io.thyra.cel.Library.INT;
import static io.thyra.cel.Library.STRING;

import dev.cel.common.types.CelType;
import io.thyra.model.GoText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Semantic versions. Source: apiserver pkg/cel/library/semverlib.go, blang/semver v4.
final class SemverLibrary {
  private static final String NAME = "kubernetes.Semver";

  private SemverLibrary() {}

  /// A version; what is built of it does not count in comparisons.
  record Semver(long major, long minor, long patch, List<String> preRelease, List<String> build)
      implements Opaque, Comparable<Semver> {
    @Override
    public String typeName() {
      return NAME;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Semver that && compareTo(that) == 0;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(major * 31 * 31 + minor * 31 + patch);
    }

    @Override
    public int compareTo(Semver other) {
      int order = Long.compareUnsigned(major, other.major);
      order = order != 0 ? order : Long.compareUnsigned(minor, other.minor);
      order = order != 0 ? order : Long.compareUnsigned(patch, other.patch);
      if (order != 0) {
        return Integer.signum(order);
      }
      if (preRelease.isEmpty() || other.preRelease.isEmpty()) {
        return Boolean.compare(preRelease.isEmpty(), other.preRelease.isEmpty());
      }
      for (int i = 0; i < Math.min(preRelease.size(), other.preRelease.size()); i++) {
        int words = compare(preRelease.get(i), other.preRelease.get(i));
        if (words != 0) {
          return words;
        }
      }
      return Integer.signum(preRelease.size() - other.preRelease.size());
    }

    private static int compare(String left, String right) {
      boolean numbers = isDigits(left) && isDigits(right);
      if (isDigits(left) != isDigits(right)) {
        return isDigits(left) ? -1 : 1;
      }
      return Integer.signum(numbers ? Long.compareUnsigned(Long.parseUnsignedLong(left), Long.parseUnsignedLong(right)) : left.compareTo(right));
    }
  }

  static void declare(Library lib) {
    CelType type = lib.type(Library.object(NAME));
    lib.global("semver", "string_to_semver", type, a -> parse((String) a[0]), STRING);
    lib.global("semver", "string_bool_to_semver", type, a -> parse((String) a[0], (boolean) a[1]), STRING, BOOL);
    lib.global("isSemver", "is_semver_string", BOOL, a -> is((String) a[0], false), STRING);
    lib.global("isSemver", "is_semver_string_bool", BOOL, a -> is((String) a[0], (boolean) a[1]), STRING, BOOL);
    lib.member("isGreaterThan", "semver_is_greater_than", BOOL, a -> ((Semver) a[0]).compareTo((Semver) a[1]) > 0, type, type);
    lib.member("isLessThan", "semver_is_less_than", BOOL, a -> ((Semver) a[0]).compareTo((Semver) a[1]) < 0, type, type);
    lib.member("compareTo", "semver_compare_to", INT, a -> (long) ((Semver) a[0]).compareTo((Semver) a[1]), type, type);
    lib.member("major", "semver_major", INT, a -> ((Semver) a[0]).major(), type);
    lib.member("minor", "semver_minor", INT, a -> ((Semver) a[0]).minor(), type);
    lib.member("patch", "semver_patch", INT, a -> ((Semver) a[0]).patch(), type);
  }

  private static boolean is(String text, boolean normalize) {
    try {
      parse(text, normalize);
      return true;
    } catch (EvaluationException _) {
      return false;
    }
  }

  private static Semver parse(String text, boolean normalize) {
    return parse(normalize ? normalized(text) : text);
  }

  /// A text without the leading `v`, without leading zeros, with all three numbers.
  private static String normalized(String text) {
    String bare = text.startsWith("v") ? text.substring(1) : text;
    var parts = new ArrayList<>(Arrays.asList(bare.split("\\.", 3)));
    for (int i = 0; i < parts.size(); i++) {
      String part = parts.get(i);
      if (part.length() > 1) {
        String stripped = part.replaceFirst("^0+", "");
        boolean digit = !stripped.isEmpty() && stripped.charAt(0) >= '0' && stripped.charAt(0) <= '9';
        parts.set(i, digit ? stripped : "0" + stripped);
      }
    }
    if (parts.size() < 3) {
      String last = parts.getLast();
      if (last.indexOf('+') >= 0 || last.indexOf('-') >= 0) {
        throw new EvaluationException("short version cannot contain PreRelease/Build meta data");
      }
      while (parts.size() < 3) {
        parts.add("0");
      }
    }
    return String.join(".", parts);
  }

  static Semver parse(String text) {
    if (text.isEmpty()) {
      throw new EvaluationException("Version string empty");
    }
    String[] parts = text.split("\\.", 3);
    if (parts.length != 3) {
      throw new EvaluationException("No Major.Minor.Patch elements found");
    }
    long major = number(parts[0], "major");
    long minor = number(parts[1], "minor");
    String patch = parts[2];
    List<String> build = List.of();
    int plus = patch.indexOf('+');
    if (plus >= 0) {
      build = List.of(patch.substring(plus + 1).split("\\.", -1));
      patch = patch.substring(0, plus);
    }
    List<String> release = List.of();
    int dash = patch.indexOf('-');
    if (dash >= 0) {
      release = List.of(patch.substring(dash + 1).split("\\.", -1));
      patch = patch.substring(0, dash);
    }
    long third = number(patch, "patch");
    for (String word : release) {
      if (word.isEmpty()) {
        throw new EvaluationException("Prerelease is empty");
      }
      if (isDigits(word)) {
        if (word.length() > 1 && word.charAt(0) == '0') {
          throw new EvaluationException("Numeric PreRelease version must not contain leading zeroes " + GoText.quote(word));
        }
      } else if (!isAlphanumeric(word)) {
        throw new EvaluationException("Invalid character(s) found in prerelease " + GoText.quote(word));
      }
    }
    for (String word : build) {
      if (word.isEmpty()) {
        throw new EvaluationException("Build meta data is empty");
      }
      if (!isAlphanumeric(word)) {
        throw new EvaluationException("Invalid character(s) found in build meta data " + GoText.quote(word));
      }
    }
    return new Semver(major, minor, third, release, build);
  }

  private static long number(String text, String which) {
    if (!isDigits(text)) {
      if (text.isEmpty()) {
        throw new EvaluationException("strconv.ParseUint: parsing \"\": invalid syntax");
      }
      throw new EvaluationException("Invalid character(s) found in " + which + " number " + GoText.quote(text));
    }
    if (text.length() > 1 && text.charAt(0) == '0') {
      String capital = which.equals("patch") ? "Patch" : which.equals("major") ? "Major" : "Minor";
      throw new EvaluationException(capital + " number must not contain leading zeroes " + GoText.quote(text));
    }
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException _) {
      throw new EvaluationException("strconv.ParseUint: parsing " + GoText.quote(text) + ": value out of range");
    }
  }

  private static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isAlphanumeric(String text) {
    return text.chars().allMatch(c -> c == '-' || c < 0x80 && Character.isLetterOrDigit(c));
  }
}
