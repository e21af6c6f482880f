package io.thyra.extensions;

import io.thyra.cel.CompilationException;
import io.thyra.cel.DeclType;
import io.thyra.cel.Environment;
import io.thyra.cel.Expression;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One entry of `x-kubernetes-validations`, compiled. Immutable.
/// Source: apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go.
///
/// @param program null when the rule does not compile or is empty
/// @param error why the rule does not compile, empty when it does
/// @param message what computes the message, null for none
/// @param messageError why the message does not compile, empty when it does
/// @param fieldPath what the rule says it is about, below its own place; null for that place itself
record CompiledRule(
    ObjectValue rule,
    @Nullable Expression program,
    String error,
    @Nullable Expression message,
    String messageError,
    @Nullable String fieldPath) {
  /// The environments of rules about one node, made once for all of them.
  ///
  /// @param plain where `oldSelf` is a value
  /// @param optional where `oldSelf` may be absent
  record Environments(Environment plain, Environment optional) {
    static Environments of(DeclType self) {
      return new Environments(
          Environment.builder().variable("self", self).variable("oldSelf", self).build(),
          Environment.builder().variable("self", self).variable("oldSelf", self.optional()).build());
    }
  }

  static List<CompiledRule> all(StructuralSchema node, List<ObjectValue> rules, DeclType self) {
    Environments environments = Environments.of(self);
    return rules.stream().map(rule -> of(node, rule, environments)).toList();
  }

  private static CompiledRule of(StructuralSchema node, ObjectValue rule, Environments environments) {
    String text = rule.string("rule");
    if (text.isBlank()) {
      return new CompiledRule(rule, null, "", null, "", null);
    }
    Environment environment = rule.bool("optionalOldSelf") ? environments.optional() : environments.plain();
    Expression program;
    try {
      program = environment.compile(text);
    } catch (CompilationException e) {
      return new CompiledRule(rule, null, "compilation failed: " + e.getMessage(), null, "", null);
    }
    if (!program.isBool()) {
      return new CompiledRule(rule, null, "cel expression must evaluate to a bool", null, "", null);
    }
    String message = rule.string("messageExpression");
    Expression computed = null;
    String messageError = "";
    if (!message.isEmpty()) {
      try {
        computed = environment.compile(message);
        if (!computed.isText()) {
          computed = null;
          messageError = "messageExpression must evaluate to a string";
        }
      } catch (CompilationException e) {
        messageError = "messageExpression compilation failed: " + e.getMessage();
      }
    }
    return new CompiledRule(rule, program, "", computed, messageError, path(node, rule.string("fieldPath")));
  }

  private static @Nullable String path(StructuralSchema node, String fieldPath) {
    SchemaFieldPath found = SchemaFieldPath.find(fieldPath, node, true);
    if (fieldPath.isEmpty() || !found.error().isEmpty()) {
      return null;
    }
    FieldPath path = null;
    StructuralSchema schema = node;
    for (String name : found.names()) {
      boolean named = schema != null && !schema.properties.isEmpty();
      path = named ? FieldPath.child(path, name) : path == null ? FieldPath.child(null, "[" + name + "]") : path.key(name);
      schema = schema == null ? null : named ? schema.properties.get(name) : schema.additional;
    }
    return path == null ? null : path.toString();
  }

  boolean usesOldSelf() {
    return program != null && program.uses("oldSelf");
  }

  boolean optionalOldSelf() {
    return rule.bool("optionalOldSelf");
  }

  /// The rule or its message, as errors name it.
  String shown() {
    String text = rule.string("message");
    return text.isEmpty() ? rule.string("rule").strip() : text.strip();
  }

  /// What is said of a value that breaks the rule.
  String words() {
    return rule.string("message").isEmpty() ? "failed rule: " + shown() : shown();
  }
}
