package io.thyra.machinery.apply;

import java.util.Arrays;
import java.util.List;

/// Which fields a write may own: what a strategy resets is nobody's. Pure.
/// Source: structured-merge-diff fieldpath/set.go.
@FunctionalInterface
public interface FieldFilter {
  /// Stands for any step in [#include].
  String ANY = "*";

  FieldSet apply(FieldSet fields);

  /// Everything but some fields and what is below them.
  static FieldFilter exclude(FieldSet fields) {
    return set -> set.recursiveDifference(fields);
  }

  /// Only what is at or below some paths; [#ANY] stands for any step.
  static FieldFilter include(String[]... prefixes) {
    List<String[]> patterns = Arrays.stream(prefixes).map(String[]::clone).toList();
    return set -> PrefixFilter.filter(set, patterns, 0);
  }
}
