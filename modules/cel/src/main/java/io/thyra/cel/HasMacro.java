package io.thyra.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.Optional;

/// The macro `has(a.b)`, which complains at its argument as that of cel-go does.
final class HasMacro {
  static final CelMacro MACRO = CelMacro.newGlobalMacro("has", 1, HasMacro::expand);

  private HasMacro() {}

  private static Optional<CelExpr> expand(CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    CelExpr argument = arguments.getFirst();
    if (argument.getKind() != CelExpr.ExprKind.Kind.SELECT) {
      return Optional.of(
          factory.reportError(CelIssue.formatError(factory.getSourceLocation(argument), "invalid argument to has() macro")));
    }
    return Optional.of(factory.newSelect(argument.select().operand(), argument.select().field(), true));
  }
}
