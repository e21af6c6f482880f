package io.thyra.flowcontrol;

import io.thyra.model.ObjectValue;

/// What a PriorityLevelConfiguration says about seats and queues.
///
/// @param shares of the server's seats, relative to those of the other levels
/// @param lendablePercent how much of its own it may lend
/// @param borrowingLimitPercent how much it may borrow relative to its own; negative for no limit
/// @param queues 0 where requests past the limit are rejected
public record PriorityLevel(String name, boolean exempt, long shares, long lendablePercent, long borrowingLimitPercent, int queues) {
  private static final long SHARES_DEFAULT = 30;
  private static final long QUEUES_DEFAULT = 64;

  static PriorityLevel of(ObjectValue level) {
    boolean exempt = level.string("spec", "type").equals("Exempt");
    ObjectValue spec = level.object("spec", exempt ? "exempt" : "limited");
    boolean queues = spec.string("limitResponse", "type").equals("Queue");
    return new PriorityLevel(
        level.string("metadata", "name"),
        exempt,
        spec.integer(exempt ? 0 : SHARES_DEFAULT, "nominalConcurrencyShares"),
        spec.integer(0, "lendablePercent"),
        exempt ? -1 : spec.integer(-1, "borrowingLimitPercent"),
        queues ? (int) spec.integer(QUEUES_DEFAULT, "limitResponse", "queuing", "queues") : 0);
  }

  /// The seats of a level.
  ///
  /// @param nominal its own
  /// @param lower its own without what it may lend
  /// @param upper its own with what it may borrow
  public record Seats(long nominal, long lower, long upper) {}

  /// Source: apiserver pkg/util/flowcontrol/apf_controller.go.
  ///
  /// @param total the seats of the server
  /// @param allShares the shares of all levels
  public Seats seats(long total, long allShares) {
    long nominal = allShares == 0 ? 0 : Math.ceilDiv(total * shares, allShares);
    long lendable = Math.round(nominal * lendablePercent / 100.0);
    long borrowing = borrowingLimitPercent < 0 ? total : Math.round(nominal * borrowingLimitPercent / 100.0);
    return new Seats(nominal, nominal - lendable, nominal + borrowing);
  }
}
