package io.thyra.machinery;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The order in which versions of a group are preferred: GA before beta before alpha, higher numbers first, and names
/// that are no Kubernetes versions last, by alphabet. Source: apimachinery pkg/version/helpers.go.
public final class Versions {
  private static final Pattern VERSION = Pattern.compile("v([0-9]{1,18})(?:(alpha|beta)([0-9]{1,18}))?");

  /// Sorts the most preferred version first.
  public static final Comparator<String> PREFERRED_FIRST = Versions::compare;

  private Versions() {}

  private record Parsed(int stability, long major, long minor) {}

  private static int compare(String left, String right) {
    if (left.equals(right)) {
      return 0;
    }
    Matcher a = VERSION.matcher(left);
    Matcher b = VERSION.matcher(right);
    boolean known = a.matches();
    if (known != b.matches()) {
      return known ? -1 : 1;
    }
    if (!known) {
      return left.compareTo(right);
    }
    Parsed first = parse(a);
    Parsed second = parse(b);
    int order = Integer.compare(second.stability, first.stability);
    if (order == 0) {
      order = Long.compare(second.major, first.major);
    }
    return order == 0 ? Long.compare(second.minor, first.minor) : order;
  }

  private static Parsed parse(Matcher matcher) {
    String stage = matcher.group(2);
    int stability = stage == null ? 2 : stage.equals("beta") ? 1 : 0;
    long minor = stage == null ? 0 : Long.parseLong(matcher.group(3));
    return new Parsed(stability, Long.parseLong(matcher.group(1)), minor);
  }
}
