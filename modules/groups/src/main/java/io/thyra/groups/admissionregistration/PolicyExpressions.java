package io.thyra.groups.admissionregistration;

import io.thyra.cel.CompilationException;
import io.thyra.cel.Expression;
import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.PolicyCompiler.Uses;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The expressions of one policy, compiled in the order in which they may use each other. For one validation.
/// Source: pkg/apis/admissionregistration/validation/validation.go.
final class PolicyExpressions {
  private final PolicyCompiler compiler;
  private final boolean params;

  private PolicyExpressions(PolicyCompiler compiler, boolean params) {
    this.compiler = compiler;
    this.params = params;
  }

  /// @param mutates a policy that does: its expressions know `variables` even when it names none
  static PolicyExpressions of(ObjectValue spec, boolean mutates) {
    boolean composed = mutates || !spec.list("variables").isEmpty();
    PolicyCompiler compiler = composed ? PolicyCompiler.withVariables() : PolicyCompiler.stateless();
    return new PolicyExpressions(compiler, spec.get("paramKind") instanceof ObjectValue);
  }

  /// The conditions of a webhook or of a policy, which know no variables of it.
  static void condition(String text, boolean params, FieldPath path, List<FieldError> errors) {
    check(PolicyCompiler.stateless(), text, text, new Uses(params, true, false), path, errors, "bool");
  }

  void variable(String name, String text, FieldPath path, List<FieldError> errors) {
    compiler.add(name, check(compiler, text, text, new Uses(params, true, false), path, errors));
  }

  void validation(String text, FieldPath path, List<FieldError> errors) {
    check(compiler, text, text, new Uses(params, true, false), path, errors, "bool");
  }

  /// @param anyParams whether parameters are known although the policy has no kind of them
  void message(String text, boolean anyParams, FieldPath path, List<FieldError> errors) {
    check(compiler, text, text, new Uses(anyParams, false, false), path, errors, "string");
  }

  void audit(String text, FieldPath path, List<FieldError> errors) {
    check(compiler, text.strip(), text, new Uses(params, true, false), path, errors, "string", "null_type");
  }

  void mutation(String text, String type, FieldPath path, List<FieldError> errors) {
    check(compiler, text.strip(), text.strip(), new Uses(params, true, true), path, errors, type);
  }

  private static @Nullable Expression check(
      PolicyCompiler compiler, String text, String shown, Uses uses, FieldPath path, List<FieldError> errors, String... types) {
    try {
      return compiler.compile(text, uses, types);
    } catch (CompilationException e) {
      errors.add(FieldError.invalid(path, shown, e.getMessage()));
      return null;
    }
  }
}
