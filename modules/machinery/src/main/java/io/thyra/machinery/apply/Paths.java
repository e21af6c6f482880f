package io.thyra.machinery.apply;

import java.util.Arrays;

/// The path from the root to where a walk stands. Steps are [PathElement]s or bare field names, which become steps only
/// when a path is recorded: most walks record few. Owned by its walk.
final class Paths {
  private Object[] steps = new Object[16];
  private int depth;

  void push(Object step) {
    if (depth == steps.length) {
      steps = Arrays.copyOf(steps, depth * 2);
    }
    steps[depth++] = step;
  }

  void pop() {
    depth--;
  }

  void recordIn(FieldSet.Builder set) {
    set.insert(steps, depth);
  }
}
