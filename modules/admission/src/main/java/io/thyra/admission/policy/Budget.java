package io.thyra.admission.policy;

/// What the expressions of one policy may still cost for one request. For one thread.
final class Budget {
  /// That it is spent.
  static final class Exhausted extends Exception {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("validation failed due to running out of cost budget, no further validation rules will be run", null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  private long left;
  // What variables cost that an expression asked for.
  private long pending;

  Budget(long units) {
    left = units;
  }

  /// Notes the cost of a variable, which the expression that asked for it pays.
  void note(long units) {
    pending += units;
  }

  void spend(long units) throws Exhausted {
    long cost = units + pending;
    pending = 0;
    if (cost > left) {
      left = 0;
      throw new Exhausted();
    }
    left -= cost;
  }
}
