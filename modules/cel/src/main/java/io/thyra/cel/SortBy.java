package io.thyra.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelIssue;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import java.util.Optional;

/// The macro `list.sortBy(x, key)`: the keys of all items, then a sort by them. Source: cel-go ext/lists.go.
final class SortBy {
  static final CelMacro MACRO = CelMacro.newReceiverMacro("sortBy", 2, SortBy::expand);

  private static final String INPUT = "@__sortBy_input__";

  private SortBy() {}

  private static Optional<CelExpr> expand(CelMacroExprFactory factory, CelExpr target, ImmutableList<CelExpr> arguments) {
    switch (target.getKind()) {
      case LIST, SELECT, IDENT, COMPREHENSION, CALL -> {}
      default -> {
        return Optional.of(
            problem(factory, target, "sortBy can only be applied to a list, identifier, comprehension, call or select expression"));
      }
    }
    if (arguments.getFirst().getKind() != CelExpr.ExprKind.Kind.IDENT) {
      return Optional.of(problem(factory, arguments.getFirst(), "argument is not an identifier"));
    }
    String accu = factory.getAccumulatorVarName();
    CelExpr keys =
        factory.fold(
            arguments.getFirst().ident().name(),
            factory.newIdentifier(INPUT),
            accu,
            factory.newList(),
            factory.newBoolLiteral(true),
            factory.newGlobalCall("_+_", factory.newIdentifier(accu), factory.newList(arguments.get(1))),
            factory.newIdentifier(accu));
    CelExpr sorted = factory.newReceiverCall(ListsLibrary.SORT_BY_KEYS, factory.newIdentifier(INPUT), keys);
    return Optional.of(
        factory.fold(
            "#unused", factory.newList(), INPUT, target, factory.newBoolLiteral(false), factory.newIdentifier(INPUT), sorted));
  }

  private static CelExpr problem(CelMacroExprFactory factory, CelExpr at, String message) {
    return factory.reportError(CelIssue.formatError(factory.getSourceLocation(at), message));
  }
}
