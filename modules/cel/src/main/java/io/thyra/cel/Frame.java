package io.thyra.cel;

/// One evaluation under way: its variables, those of comprehensions by slot, and what it cost so far. For one thread.
final class Frame {
  private final Variables variables;
  private final Object[] slots;
  private final long limit;
  private long cost;

  Frame(Variables variables, int slots, long limit) {
    this.variables = variables;
    this.slots = new Object[slots];
    this.limit = limit;
  }

  /// Adds to the cost.
  ///
  /// @throws CostLimitException when it is too much
  void charge(long units) {
    cost += units;
    if (cost > limit || cost < 0) {
      throw new CostLimitException();
    }
  }

  long cost() {
    return cost;
  }

  Object variable(String name) {
    Object value = variables.find(name);
    if (value == null) {
      throw new EvaluationException("no such attribute(s): " + name);
    }
    return value;
  }

  Object slot(int index) {
    return slots[index];
  }

  void slot(int index, Object value) {
    slots[index] = value;
  }
}
