package io.thyra.admission.policy;

import io.thyra.cel.PolicyCompiler;
import io.thyra.cel.PolicyCompiler.Uses;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A policy with its expressions, which are compiled when the first request asks for them. Safe for many threads.
/// Source: apiserver pkg/admission/plugin/policy/validating/plugin.go, policy/mutating/compilation.go.
final class PolicyDefinition {
  /// One entry of `validations`.
  record Validation(ObjectValue source, Program expression, @Nullable Program message) {}

  /// One entry of `auditAnnotations`.
  record Annotation(String key, Program expression) {}

  /// One entry of `mutations`.
  record Mutation(boolean patch, Program expression) {}

  /// @param variables those that the policy names
  record Compiled(
      Conditions conditions,
      Map<String, Program> variables,
      List<Validation> validations,
      List<Annotation> annotations,
      List<Mutation> mutations) {}

  private final ObjectValue policy;
  private final boolean mutates;
  private volatile @Nullable Compiled compiled;

  PolicyDefinition(ObjectValue policy, boolean mutates) {
    this.policy = policy;
    this.mutates = mutates;
  }

  String name() {
    return policy.string("metadata", "name");
  }

  ObjectValue constraints() {
    return policy.object("spec", "matchConstraints");
  }

  /// The kind of its parameters, empty for none.
  ObjectValue paramKind() {
    return policy.object("spec", "paramKind");
  }

  boolean ignoresFailures() {
    return policy.string("spec", "failurePolicy").equals("Ignore");
  }

  boolean reinvocable() {
    return policy.string("spec", "reinvocationPolicy").equals("IfNeeded");
  }

  Compiled compiled() {
    Compiled known = compiled;
    if (known == null) {
      synchronized (this) {
        known = compiled;
        if (known == null) {
          known = compile();
          compiled = known;
        }
      }
    }
    return known;
  }

  private Compiled compile() {
    ObjectValue spec = policy.object("spec");
    boolean params = !paramKind().isEmpty();
    boolean composed = mutates || !spec.list("variables").isEmpty();
    PolicyCompiler compiler = composed ? PolicyCompiler.withVariables() : PolicyCompiler.stateless();
    var uses = new Uses(params, true, false);
    var variables = new LinkedHashMap<String, Program>();
    for (ObjectValue variable : spec.list("variables").objects()) {
      Program program = Program.of(compiler, variable.string("expression"), uses);
      compiler.add(variable.string("name"), program.expression());
      variables.put(variable.string("name"), program);
    }
    var validations = new ArrayList<Validation>();
    for (ObjectValue validation : spec.list("validations").objects()) {
      Program expression = Program.of(compiler, validation.string("expression"), uses, "bool");
      String text = validation.string("messageExpression");
      Program message = text.isEmpty() ? null : Program.of(compiler, text, new Uses(params, false, false), "string");
      validations.add(new Validation(validation, expression, message));
    }
    var annotations = new ArrayList<Annotation>();
    for (ObjectValue annotation : spec.list("auditAnnotations").objects()) {
      Program expression = Program.of(compiler, annotation.string("valueExpression"), uses, "string", "null_type");
      annotations.add(new Annotation(annotation.string("key"), expression));
    }
    var mutations = new ArrayList<Mutation>();
    var making = new Uses(params, true, true);
    for (ObjectValue mutation : spec.list("mutations").objects()) {
      boolean patch = mutation.string("patchType").equals("JSONPatch");
      String text = mutation.object(patch ? "jsonPatch" : "applyConfiguration").string("expression");
      mutations.add(new Mutation(patch, Program.of(compiler, text, making, patch ? "list(JSONPatch)" : "Object")));
    }
    Conditions conditions = Conditions.of(spec.list("matchConditions").objects(), params);
    return new Compiled(conditions, Collections.unmodifiableMap(variables), validations, annotations, mutations);
  }
}
