package io.thyra.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is wrong with the literals of an expression that is right otherwise: times and patterns that are none, lists and maps of
/// mixed types. Source: cel-go cel/validator.go, ext/formatting.go.
final class Literals {
  private final CelAbstractSyntaxTree ast;
  private final List<CelIssue> issues = new ArrayList<>();

  private Literals(CelAbstractSyntaxTree ast) {
    this.ast = ast;
  }

  static List<CelIssue> validate(CelAbstractSyntaxTree ast) {
    var literals = new Literals(ast);
    literals.visit(ast.getExpr(), false);
    return literals.issues;
  }

  /// @param mixed whether lists and maps may mix types here
  private void visit(CelExpr expr, boolean mixed) {
    switch (expr.getKind()) {
      case CALL -> call(expr, mixed);
      case SELECT -> visit(expr.select().operand(), mixed);
      case LIST -> {
        CelType first = null;
        List<CelExpr> elements = expr.list().elements();
        for (int i = 0; i < elements.size(); i++) {
          visit(elements.get(i), mixed);
          first = same(elements.get(i), expr.list().optionalIndices().contains(i), first, mixed);
        }
      }
      case MAP -> {
        CelType key = null;
        CelType value = null;
        for (CelExpr.CelMap.Entry entry : expr.map().entries()) {
          visit(entry.key(), mixed);
          visit(entry.value(), mixed);
          key = same(entry.key(), false, key, mixed);
          value = same(entry.value(), entry.optionalEntry(), value, mixed);
        }
      }
      case STRUCT -> expr.struct().entries().forEach(entry -> visit(entry.value(), mixed));
      case COMPREHENSION -> {
        CelExpr.CelComprehension comprehension = expr.comprehension();
        List.of(
                comprehension.iterRange(),
                comprehension.accuInit(),
                comprehension.loopCondition(),
                comprehension.loopStep(),
                comprehension.result())
            .forEach(part -> visit(part, mixed));
      }
      case CONSTANT, IDENT, NOT_SET -> {}
    }
  }

  private void call(CelExpr expr, boolean mixed) {
    CelExpr.CelCall call = expr.call();
    boolean below = mixed || call.function().equals("format");
    call.target().ifPresent(target -> visit(target, below));
    call.args().forEach(argument -> visit(argument, below));
    switch (call.function()) {
      case "duration", "timestamp" -> {
        CelConstant text = text(call, 0);
        if (text != null && !isConvertible(call.function(), text.stringValue())) {
          report(call.args().getFirst(), "invalid " + call.function() + " argument");
        }
      }
      case "matches" -> {
        int position = call.target().isPresent() ? 0 : 1;
        CelConstant pattern = text(call, position);
        if (pattern != null && Regexes.findProblem(pattern.stringValue()).isPresent()) {
          report(call.args().get(position), "invalid matches argument");
        }
      }
      case "format" -> format(expr);
      default -> {}
    }
  }

  private void format(CelExpr expr) {
    CelExpr.CelCall call = expr.call();
    CelExpr target = call.target().orElse(null);
    boolean literal =
        target != null
            && target.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && target.constant().getKind() == CelConstant.Kind.STRING_VALUE
            && call.args().size() == 1
            && call.args().getFirst().getKind() == CelExpr.ExprKind.Kind.LIST;
    if (!literal) {
      return;
    }
    List<CelExpr> arguments = call.args().getFirst().list().elements();
    List<String> types = arguments.stream().map(a -> ast.getType(a.id()).map(CelType::name).orElse("dyn")).toList();
    StringFormat.findProblem(target.constant().stringValue(), types)
        .ifPresent(problem -> report(problem.argument() < 0 ? expr : arguments.get(problem.argument()), problem.message()));
  }

  private static @Nullable CelConstant text(CelExpr.CelCall call, int position) {
    if (position >= call.args().size()) {
      return null;
    }
    CelExpr argument = call.args().get(position);
    boolean text =
        argument.getKind() == CelExpr.ExprKind.Kind.CONSTANT && argument.constant().getKind() == CelConstant.Kind.STRING_VALUE;
    return text ? argument.constant() : null;
  }

  private static boolean isConvertible(String function, String text) {
    try {
      Overload.Body body = StandardFunctions.find(function);
      return body == null || body.apply(new Object[] {text}) != null;
    } catch (EvaluationException _) {
      return false;
    }
  }

  /// The type that all items have, which is that of the first.
  private @Nullable CelType same(CelExpr item, boolean optional, @Nullable CelType first, boolean mixed) {
    CelType type = ast.getType(item.id()).orElse(null);
    if (optional && type instanceof OptionalType) {
      type = type.parameters().getFirst();
    }
    if (first == null || type == null || mixed) {
      return first == null ? type : first;
    }
    if (!type.equals(first) && !Wording.type(type).equals(Wording.type(first))) {
      report(item, "expected type '" + Wording.type(first) + "' but found '" + Wording.type(type) + "'");
    }
    return first;
  }

  private void report(CelExpr expr, String message) {
    Integer offset = ast.getSource().getPositionsMap().get(expr.id());
    CelSourceLocation where =
        offset == null ? CelSourceLocation.of(1, 0) : ast.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
    issues.add(CelIssue.formatError(where, message));
  }
}
