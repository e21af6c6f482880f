package io.thyra.machinery.apply;

import java.util.ArrayList;
import java.util.List;

/// Cuts a set down to what matches some prefixes. Members on the way to a prefix stay.
final class PrefixFilter {
  private PrefixFilter() {}

  static FieldSet filter(FieldSet set, List<String[]> patterns, int depth) {
    if (patterns.stream().anyMatch(pattern -> pattern.length == depth)) {
      return set;
    }
    var members = new ArrayList<PathElement>();
    for (PathElement member : set.members()) {
      if (!matching(patterns, depth, member).isEmpty()) {
        members.add(member);
      }
    }
    var steps = new ArrayList<PathElement>();
    var children = new ArrayList<FieldSet>();
    for (int i = 0; i < set.stepCount(); i++) {
      List<String[]> below = matching(patterns, depth, set.stepAt(i));
      FieldSet child = below.isEmpty() ? FieldSet.EMPTY : filter(set.childAt(i), below, depth + 1);
      if (!child.isEmpty()) {
        steps.add(set.stepAt(i));
        children.add(child);
      }
    }
    return FieldSet.of(members.toArray(PathElement[]::new), steps, children);
  }

  private static List<String[]> matching(List<String[]> patterns, int depth, PathElement step) {
    return patterns.stream().filter(pattern -> matches(pattern[depth], step)).toList();
  }

  private static boolean matches(String pattern, PathElement step) {
    return pattern.equals(FieldFilter.ANY) || step instanceof PathElement.Name(String name) && name.equals(pattern);
  }
}
