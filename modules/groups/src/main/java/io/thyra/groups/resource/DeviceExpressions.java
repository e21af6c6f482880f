package io.thyra.groups.resource;

import io.thyra.cel.CompilationException;
import io.thyra.cel.DeclType;
import io.thyra.cel.Environment;
import io.thyra.cel.Expression;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import java.util.List;

/// The expressions by which claims and classes choose devices. Stateless; the environment is made with the first expression.
/// Source: k8s.io/dynamic-resource-allocation cel/compile.go.
final class DeviceExpressions {
  // What one evaluation may cost: each device of a cluster is asked.
  private static final long COST_MAX = 1_000_000;
  private static final int NAMES_MAX = 32;
  private static final int DOMAIN_MAX = 63;
  private static final int TEXT_MAX = 64;

  private static final DeclType DEVICE =
      DeclType.object("kubernetes.DRADevice")
          .field("driver", DeclType.string(DOMAIN_MAX), true)
          .field("attributes", DeclType.map(DeclType.map(DeclType.any(TEXT_MAX), NAMES_MAX), NAMES_MAX), true)
          .field("capacity", DeclType.map(DeclType.map(Environment.QUANTITY, NAMES_MAX), NAMES_MAX), true)
          .field("allowMultipleAllocations", DeclType.BOOL, true)
          .build();

  private static final Environment ENVIRONMENT = Environment.builder().variable("device", DEVICE).bindings().build();

  private DeviceExpressions() {}

  static void check(String text, FieldPath path, List<FieldError> errors) {
    Expression expression;
    try {
      expression = ENVIRONMENT.compile(text);
    } catch (CompilationException e) {
      errors.add(FieldError.invalid(path, text, "compilation failed: " + e.getMessage()));
      return;
    }
    if (!expression.isBool() && !expression.isAny()) {
      String words = "must evaluate to bool or the unknown type, not " + expression.resultTypeName();
      errors.add(FieldError.invalid(path, text, words));
    } else if (expression.estimatedCost(DEVICE) > COST_MAX) {
      errors.add(FieldError.forbidden(path, "too complex, exceeds cost limit"));
    }
  }
}
