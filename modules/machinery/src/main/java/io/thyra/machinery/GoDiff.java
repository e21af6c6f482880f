package io.thyra.machinery;

import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The unified diff of two values as indented JSON, which errors about fields that may not change carry. Three lines of
/// context, no file header. Source: apimachinery pkg/util/diff/diff.go and go-difflib difflib.go.
public final class GoDiff {
  private static final int CONTEXT_LINES = 3;
  private static final int POPULAR_FROM_LINES = 200;

  private final List<String> a;
  private final List<String> b;
  private final Map<String, int[]> positionsInB;

  private GoDiff(List<String> a, List<String> b) {
    this.a = a;
    this.b = b;
    this.positionsInB = index(b);
  }

  private record Match(int a, int b, int size) {}

  /// A change of a[aFrom, aTo) into b[bFrom, bTo), or the same lines in both.
  private record Step(boolean equal, int aFrom, int aTo, int bFrom, int bTo) {}

  /// The diff of two trees, whose names are those of upstream's internal structs, in their order.
  public static String of(Value before, Value after) {
    return ofTexts(indented(before), indented(after));
  }

  /// The diff of two texts, empty when they are equal.
  public static String ofTexts(String before, String after) {
    return new GoDiff(lines(before), lines(after)).print();
  }

  /// JSON indented by one space, as Go's MarshalIndent prints it.
  static String indented(Value value) {
    var out = new StringBuilder();
    indent(out, value, 0);
    return out.toString();
  }

  private static void indent(StringBuilder out, Value value, int depth) {
    switch (value) {
      case ObjectValue object -> {
        out.append('{');
        for (int i = 0; i < object.size(); i++) {
          newLine(out.append(i == 0 ? "" : ","), depth + 1);
          GoText.appendJsonString(out, object.nameAt(i));
          indent(out.append(": "), object.valueAt(i), depth + 1);
        }
        close(out, object.isEmpty(), depth).append('}');
      }
      case ListValue list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          newLine(out.append(i == 0 ? "" : ","), depth + 1);
          indent(out, list.get(i), depth + 1);
        }
        close(out, list.isEmpty(), depth).append(']');
      }
      default -> out.append(GoText.json(value));
    }
  }

  private static void newLine(StringBuilder out, int depth) {
    out.append('\n').repeat(' ', depth);
  }

  private static StringBuilder close(StringBuilder out, boolean empty, int depth) {
    if (!empty) {
      newLine(out, depth);
    }
    return out;
  }

  private static List<String> lines(String text) {
    // The last line gets a line end too.
    return Arrays.stream((text + "\n").split("(?<=\n)")).toList();
  }

  // In long texts, lines that fill more than a hundredth of them start no match.
  private static Map<String, int[]> index(List<String> lines) {
    var positions = new HashMap<String, List<Integer>>();
    for (int i = 0; i < lines.size(); i++) {
      positions.computeIfAbsent(lines.get(i), _ -> new ArrayList<>()).add(i);
    }
    int countMax = lines.size() >= POPULAR_FROM_LINES ? lines.size() / 100 + 1 : Integer.MAX_VALUE;
    var index = new HashMap<String, int[]>();
    positions.forEach(
        (line, found) -> {
          if (found.size() <= countMax) {
            index.put(line, found.stream().mapToInt(Integer::intValue).toArray());
          }
        });
    return index;
  }

  private Match longestMatch(int aFrom, int aTo, int bFrom, int bTo) {
    int bestA = aFrom;
    int bestB = bFrom;
    int bestSize = 0;
    var lengths = new HashMap<Integer, Integer>();
    for (int i = aFrom; i < aTo; i++) {
      var next = new HashMap<Integer, Integer>();
      for (int j : positionsInB.getOrDefault(a.get(i), new int[0])) {
        if (j < bFrom) {
          continue;
        }
        if (j >= bTo) {
          break;
        }
        int length = lengths.getOrDefault(j - 1, 0) + 1;
        next.put(j, length);
        if (length > bestSize) {
          bestA = i - length + 1;
          bestB = j - length + 1;
          bestSize = length;
        }
      }
      lengths = next;
    }
    while (bestA > aFrom && bestB > bFrom && a.get(bestA - 1).equals(b.get(bestB - 1))) {
      bestA--;
      bestB--;
      bestSize++;
    }
    while (bestA + bestSize < aTo
        && bestB + bestSize < bTo
        && a.get(bestA + bestSize).equals(b.get(bestB + bestSize))) {
      bestSize++;
    }
    return new Match(bestA, bestB, bestSize);
  }

  private void collect(int aFrom, int aTo, int bFrom, int bTo, List<Match> matches) {
    Match match = longestMatch(aFrom, aTo, bFrom, bTo);
    if (match.size() == 0) {
      return;
    }
    if (aFrom < match.a() && bFrom < match.b()) {
      collect(aFrom, match.a(), bFrom, match.b(), matches);
    }
    matches.add(match);
    int aNext = match.a() + match.size();
    int bNext = match.b() + match.size();
    if (aNext < aTo && bNext < bTo) {
      collect(aNext, aTo, bNext, bTo, matches);
    }
  }

  private List<Step> steps() {
    var matches = new ArrayList<Match>();
    collect(0, a.size(), 0, b.size(), matches);
    matches.add(new Match(a.size(), b.size(), 0));
    var steps = new ArrayList<Step>();
    int i = 0;
    int j = 0;
    for (Match match : matches) {
      if (i < match.a() || j < match.b()) {
        steps.add(new Step(false, i, match.a(), j, match.b()));
      }
      i = match.a() + match.size();
      j = match.b() + match.size();
      if (match.size() > 0) {
        Step last = steps.isEmpty() ? null : steps.getLast();
        if (last != null && last.equal()) {
          steps.set(steps.size() - 1, new Step(true, last.aFrom(), i, last.bFrom(), j));
        } else {
          steps.add(new Step(true, match.a(), i, match.b(), j));
        }
      }
    }
    return steps;
  }

  private List<List<Step>> groups() {
    List<Step> steps = steps();
    if (steps.isEmpty()) {
      return List.of();
    }
    int n = CONTEXT_LINES;
    if (steps.getFirst().equal()) {
      Step first = steps.getFirst();
      steps.set(
          0,
          new Step(
              true, Math.max(first.aFrom(), first.aTo() - n), first.aTo(), Math.max(first.bFrom(), first.bTo() - n), first.bTo()));
    }
    if (steps.getLast().equal()) {
      Step last = steps.getLast();
      steps.set(
          steps.size() - 1,
          new Step(
              true, last.aFrom(), Math.min(last.aTo(), last.aFrom() + n), last.bFrom(), Math.min(last.bTo(), last.bFrom() + n)));
    }
    var groups = new ArrayList<List<Step>>();
    List<Step> group = new ArrayList<>();
    for (Step step : steps) {
      Step rest = step;
      if (step.equal() && step.aTo() - step.aFrom() > 2 * n) {
        group.add(
            new Step(
                true,
                step.aFrom(),
                Math.min(step.aTo(), step.aFrom() + n),
                step.bFrom(),
                Math.min(step.bTo(), step.bFrom() + n)));
        groups.add(group);
        group = new ArrayList<>();
        rest =
            new Step(
                true,
                Math.max(step.aFrom(), step.aTo() - n),
                step.aTo(),
                Math.max(step.bFrom(), step.bTo() - n),
                step.bTo());
      }
      group.add(rest);
    }
    if (!group.isEmpty() && !(group.size() == 1 && group.getFirst().equal())) {
      groups.add(group);
    }
    return groups;
  }

  private String print() {
    var out = new StringBuilder();
    for (List<Step> group : groups()) {
      Step first = group.getFirst();
      Step last = group.getLast();
      out.append("@@ -").append(range(first.aFrom(), last.aTo()));
      out.append(" +").append(range(first.bFrom(), last.bTo())).append(" @@\n");
      for (Step step : group) {
        a.subList(step.aFrom(), step.aTo()).forEach(line -> out.append(step.equal() ? " " : "-").append(line));
        if (!step.equal()) {
          b.subList(step.bFrom(), step.bTo()).forEach(line -> out.append('+').append(line));
        }
      }
    }
    return out.toString();
  }

  private static String range(int from, int to) {
    int length = to - from;
    if (length == 1) {
      return Integer.toString(from + 1);
    }
    // An empty range is told by the line before it.
    return (length == 0 ? from : from + 1) + "," + length;
  }
}
