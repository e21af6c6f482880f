package io.thyra.groups.batch;

import io.thyra.model.GoText;
import java.util.Optional;

/// Completion indexes as a Job writes them: `1,3-5,7`. Each rule answers upstream's complaint, empty when it is kept.
/// Source: pkg/apis/batch/validation/validation.go.
final class IndexList {
  private record Interval(long first, long last) {}

  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message, null, false, false);
    }
  }

  private IndexList() {}

  /// How many indexes there are; complaints count as none.
  static long count(String text, long completions) {
    if (text.isEmpty() || findComplaint(text, completions).isPresent()) {
      return 0;
    }
    long total = 0;
    for (String part : text.split(",", -1)) {
      Interval interval = parse(part, completions);
      total += interval.last - interval.first + 1;
    }
    return total;
  }

  static Optional<String> findComplaint(String text, long completions) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      long before = -1;
      boolean first = true;
      for (String part : text.split(",", -1)) {
        Interval interval = parse(part, completions);
        if (!first && before >= interval.first) {
          throw disorder(before, interval.first);
        }
        before = interval.last;
        first = false;
      }
      return Optional.empty();
    } catch (Broken e) {
      return Optional.of(e.getMessage());
    }
  }

  /// An index that is in both lists.
  static Optional<String> findOverlap(String completed, String failed, long completions) {
    if (completed.isEmpty() || failed.isEmpty()) {
      return Optional.empty();
    }
    String[] left = completed.split(",", -1);
    String[] right = failed.split(",", -1);
    int l = 0;
    int r = 0;
    while (l < left.length && r < right.length) {
      Optional<Interval> a = find(left[l], completions);
      Optional<Interval> b = find(right[r], completions);
      if (a.isEmpty()) {
        l++;
      } else if (b.isEmpty()) {
        r++;
      } else if (a.get().first <= b.get().last && b.get().first <= a.get().last) {
        return Optional.of("failedIndexes and completedIndexes overlap at index: " + Math.max(a.get().first, b.get().first));
      } else if (a.get().first <= b.get().first) {
        l++;
      } else {
        r++;
      }
    }
    return Optional.empty();
  }

  private static Optional<Interval> find(String part, long completions) {
    try {
      return Optional.of(parse(part, completions));
    } catch (Broken _) {
      return Optional.empty();
    }
  }

  private static Interval parse(String part, long completions) {
    String[] limits = part.split("-", -1);
    if (limits.length > 2) {
      throw new Broken(
          "the fragment "
              + GoText.quote(part)
              + " violates the requirement that an index interval can have at most two parts separated by '-'");
    }
    long first = index(limits[0], completions);
    if (limits.length == 1) {
      return new Interval(first, first);
    }
    long last = index(limits[1], completions);
    if (first >= last) {
      throw disorder(first, last);
    }
    return new Interval(first, last);
  }

  private static long index(String text, long completions) {
    long index;
    try {
      index = Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new Broken("cannot convert string to integer for index: " + GoText.quote(text));
    }
    if (index >= completions) {
      throw new Broken("too large index: " + GoText.quote(text));
    }
    return index;
  }

  private static Broken disorder(long previous, long current) {
    return new Broken("non-increasing order, previous: " + previous + ", current: " + current);
  }
}
