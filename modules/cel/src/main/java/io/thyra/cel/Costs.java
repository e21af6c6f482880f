package io.thyra.cel;

/// The limits that Kubernetes sets, and the prices that cel-go sets, in cost units of about 50 ns.
/// Source: apiserver pkg/apis/cel/config.go, cel-go common/cost.go.
public final class Costs {
  /// What one evaluation may cost.
  public static final long PER_CALL_LIMIT = 1_000_000;

  /// What all rules of one custom object may cost, or all expressions of one policy for one request.
  public static final long RUNTIME_BUDGET = 10_000_000;

  /// What the match conditions of one webhook may cost.
  public static final long MATCH_CONDITIONS_BUDGET = 2_500_000;

  /// What one rule of a CustomResourceDefinition may be estimated at.
  public static final long ESTIMATED_RULE_LIMIT = 10_000_000;

  /// What all rules of a CustomResourceDefinition may be estimated at.
  public static final long ESTIMATED_DEFINITION_LIMIT = 100_000_000;

  /// The largest request that anything is estimated for.
  public static final long REQUEST_BYTES_MAX = 3 * 1024 * 1024;

  /// The longest message that an expression may make.
  public static final int MESSAGE_BYTES_MAX = 5 * 1024;

  static final long SELECT = 1;
  static final long LIST_CREATE = 10;
  static final long MAP_CREATE = 30;
  static final long STRUCT_CREATE = 40;
  static final double STRING_TRAVERSAL = 0.1;
  static final double REGEX_LENGTH = 0.25;
  static final int NAMED_FORMAT_REGEX_MAX = 128;

  private Costs() {}

  /// What is left over of a product, rounded up.
  static long scaled(double amount, double factor) {
    return (long) Math.ceil(amount * factor);
  }
}
