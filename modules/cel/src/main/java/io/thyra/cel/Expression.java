package io.thyra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import org.jspecify.annotations.Nullable;

/// An expression that compiled, ready for any number of evaluations. Immutable; safe for many threads.
public final class Expression {
  private final String text;
  private final CelAbstractSyntaxTree ast;
  private final Planner.Plan plan;

  Expression(String text, CelAbstractSyntaxTree ast, Planner.Plan plan) {
    this.text = text;
    this.ast = ast;
    this.plan = plan;
  }

  /// As it was written.
  public String text() {
    return text;
  }

  public boolean isBool() {
    return ast.getResultType().kind() == CelKind.BOOL;
  }

  public boolean isText() {
    return ast.getResultType().kind() == CelKind.STRING;
  }

  /// Whether its value is one of no type that the checker knows.
  public boolean isAny() {
    return ast.getResultType().kind() == CelKind.ANY;
  }

  /// The name of the type of its value, as errors print it.
  public String resultTypeName() {
    return Wording.type(ast.getResultType());
  }

  CelType celType() {
    return ast.getResultType();
  }

  /// Whether it asks for a variable.
  public boolean uses(String variable) {
    return ast.getReferenceMap().values().stream().anyMatch(reference -> reference.name().equals(variable));
  }

  /// The most that an evaluation can cost, from the sizes that the type of its variables allows; Long.MAX_VALUE when there is no
  /// bound.
  public long estimatedCost(@Nullable DeclType variables) {
    return CostEstimator.estimate(ast, variables).max();
  }

  /// Evaluates, within [Costs#PER_CALL_LIMIT].
  public Evaluation evaluate(Variables variables) {
    return evaluate(variables, Costs.PER_CALL_LIMIT);
  }

  public Evaluation evaluate(Variables variables, long limit) {
    var frame = new Frame(variables, plan.slots(), limit);
    try {
      Object value = plan.step().evaluate(frame);
      return new Evaluation(value, null, frame.cost());
    } catch (EvaluationException e) {
      return new Evaluation(null, e, frame.cost());
    } catch (StackOverflowError _) {
      return new Evaluation(null, new EvaluationException("internal error: expression too deep"), frame.cost());
    }
  }
}
