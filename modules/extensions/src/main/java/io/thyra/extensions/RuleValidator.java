package io.thyra.extensions;

import io.thyra.cel.CostLimitException;
import io.thyra.cel.Costs;
import io.thyra.cel.DeclType;
import io.thyra.cel.Evaluation;
import io.thyra.cel.EvaluationException;
import io.thyra.cel.Escaping;
import io.thyra.cel.Expression;
import io.thyra.cel.Variables;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The compiled rules of a node of a schema and of those below it. Immutable; safe for many threads.
///
/// Where upstream walks Go maps in random order, names are walked sorted here.
/// Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go.
final class RuleValidator {
  private static final String OUT_OF_BUDGET =
      "validation failed due to running out of cost budget, no further validation rules will be run";

  private final StructuralSchema schema;
  private final @Nullable DeclType type;
  private final List<CompiledRule> rules;
  private final boolean usesOldSelf;
  private final @Nullable RuleValidator items;
  private final @Nullable RuleValidator additional;
  private final Map<String, RuleValidator> properties;
  private final List<RuleValidator> allOf;

  private RuleValidator(
      StructuralSchema schema,
      @Nullable DeclType type,
      List<CompiledRule> rules,
      @Nullable RuleValidator items,
      @Nullable RuleValidator additional,
      Map<String, RuleValidator> properties,
      List<RuleValidator> allOf) {
    this.schema = schema;
    this.type = type;
    this.rules = rules;
    this.usesOldSelf = rules.stream().anyMatch(CompiledRule::usesOldSelf);
    this.items = items;
    this.additional = additional;
    this.properties = properties;
    this.allOf = allOf;
  }

  /// The rules of a whole resource; empty when it has none.
  static Optional<RuleValidator> of(StructuralSchema schema, boolean resource) {
    if (!schema.hasRules()) {
      return Optional.empty();
    }
    DeclType type = SchemaTypes.of(schema, resource, "selfType");
    return Optional.ofNullable(make(schema, schema, type));
  }

  /// @param rules the node that says the rules: the same, or one of an `allOf` of it
  private static @Nullable RuleValidator make(StructuralSchema rules, StructuralSchema node, @Nullable DeclType type) {
    List<CompiledRule> compiled = rules.rules.isEmpty() || type == null ? List.of() : CompiledRule.all(node, rules.rules, type);
    DeclType element = type == null ? null : type.element();
    RuleValidator items = rules.items == null || node.items == null ? null : make(rules.items, node.items, element);
    RuleValidator additional =
        rules.additional == null || node.additional == null ? null : make(rules.additional, node.additional, element);
    var properties = new TreeMap<String, RuleValidator>();
    rules.properties.forEach(
        (name, property) -> {
          StructuralSchema declared = node.properties.get(name);
          RuleValidator validator = declared == null || type == null ? null : property(name, property, declared, type);
          if (validator != null) {
            properties.put(name, validator);
          }
        });
    List<RuleValidator> allOf = new ArrayList<>();
    for (StructuralSchema each : rules.allOf) {
      RuleValidator validator = make(each, node, type);
      if (validator != null) {
        allOf.add(validator);
      }
    }
    boolean any = !compiled.isEmpty() || items != null || additional != null || !properties.isEmpty() || !allOf.isEmpty();
    return any ? new RuleValidator(node, type, compiled, items, additional, properties, allOf) : null;
  }

  private static @Nullable RuleValidator property(String name, StructuralSchema rules, StructuralSchema node, DeclType parent) {
    // A name that cannot be said in CEL has a type of its own; what has no type has no rules.
    DeclType type =
        Escaping.escape(name).isPresent() ? parent.property(name) : SchemaTypes.of(node, node.embedded, "selfType");
    return type == null ? null : make(rules, node, type);
  }

  /// What a change of a part of an object is measured by.
  ///
  /// @param current this part and what it was, null when that cannot be said
  /// @param nearest the same of the nearest part above
  record Ratchet(@Nullable Correlated current, @Nullable Correlated nearest) {
    static final Ratchet NONE = new Ratchet(null, null);

    boolean unchanged() {
      Correlated known = current != null ? current : nearest;
      return known != null && known.unchanged();
    }

    Ratchet field(String name) {
      if (current == null) {
        return this;
      }
      // Versions and kinds are always those of the request.
      boolean ofType = nearest == null && (name.equals("apiVersion") || name.equals("kind"));
      return ofType ? NONE : new Ratchet(current.field(name), current);
    }

    Ratchet item(int index) {
      return current == null ? this : new Ratchet(current.item(index), current);
    }
  }

  /// One validation of an object: what is left of its budget, and where complaints go.
  private static final class Run {
    private final List<FieldError> errors;
    private final Consumer<String> warnings;
    private long budget;

    Run(List<FieldError> errors, Consumer<String> warnings, long budget) {
      this.errors = errors;
      this.warnings = warnings;
      this.budget = budget;
    }
  }

  /// Adds the complaints of all rules about a value. One that did not change since it was stored is only warned of.
  ///
  /// @param path where the value is, null for the object itself
  /// @param old what it was, null for something new
  /// @param correlated the value and what it was, null for something new
  void validate(
      @Nullable FieldPath path,
      Value value,
      @Nullable Value old,
      @Nullable Correlated correlated,
      Consumer<String> warnings,
      List<FieldError> errors) {
    var run = new Run(errors, warnings, Costs.RUNTIME_BUDGET);
    node(run, path, value, old, new Ratchet(correlated, null));
  }

  private void node(Run run, @Nullable FieldPath path, Value value, @Nullable Value old, Ratchet ratchet) {
    if (value.isNull()) {
      return;
    }
    Value before = old == null || old.isNull() ? null : old;
    expressions(run, path, value, before, ratchet);
    for (RuleValidator each : allOf) {
      if (run.budget < 0) {
        return;
      }
      each.node(run, path, value, before, new Ratchet(null, ratchet.nearest()));
    }
    if (run.budget < 0) {
      return;
    }
    switch (value) {
      case ListValue list -> list(run, path, list, before, ratchet);
      case ObjectValue object -> fields(run, path, object, before, ratchet);
      default -> {}
    }
  }

  private void list(Run run, @Nullable FieldPath path, ListValue list, @Nullable Value old, Ratchet ratchet) {
    if (items == null) {
      return;
    }
    for (int i = 0; i < list.size() && run.budget >= 0; i++) {
      FieldPath where = path == null ? FieldPath.child(null, "[" + i + "]") : path.index(i);
      items.node(run, where, list.get(i), twin(list.get(i), old), ratchet.item(i));
    }
  }

  /// The item of the old list that has the keys of a new one; null where keys do not tell.
  private @Nullable Value twin(Value item, @Nullable Value old) {
    if (!"map".equals(schema.listType) || !(old instanceof ListValue before) || !(item instanceof ObjectValue object)) {
      return null;
    }
    ObjectValue key = ListTypes.key(object, schema.listMapKeys);
    for (ObjectValue candidate : before.objects()) {
      if (ListTypes.key(candidate, schema.listMapKeys).equals(key)) {
        return candidate;
      }
    }
    return null;
  }

  private void fields(Run run, @Nullable FieldPath path, ObjectValue object, @Nullable Value old, Ratchet ratchet) {
    ObjectValue before = old instanceof ObjectValue known ? known : ObjectValue.EMPTY;
    for (String name : new TreeSet<>(object.names())) {
      Value value = object.get(name);
      RuleValidator property = properties.get(name);
      if (value == null || run.budget < 0) {
        continue;
      }
      if (additional != null) {
        FieldPath where = path == null ? FieldPath.child(null, "[" + name + "]") : path.key(name);
        additional.node(run, where, value, before.get(name), ratchet.field(name));
      } else if (property != null) {
        property.node(run, FieldPath.child(path, name), value, before.get(name), ratchet.field(name));
      }
    }
  }

  private void expressions(Run run, @Nullable FieldPath path, Value value, @Nullable Value old, Ratchet ratchet) {
    if (rules.isEmpty() || type == null) {
      return;
    }
    if (run.budget <= 0) {
      run.errors.add(invalidType(path, OUT_OF_BUDGET));
      run.budget = -1;
      return;
    }
    var plain = new Variables().put("self", value, type);
    var optional = new Variables().put("self", value, type);
    if (usesOldSelf) {
      optional.putOptional("oldSelf", old, type);
      if (old != null) {
        plain.put("oldSelf", old, type);
      }
    }
    for (CompiledRule rule : rules) {
      if (!expression(run, path, value, old, ratchet, rule, rule.optionalOldSelf() ? optional : plain)) {
        run.budget = -1;
        return;
      }
    }
  }

  /// @return whether further rules may be asked
  private boolean expression(
      Run run,
      @Nullable FieldPath path,
      Value value,
      @Nullable Value old,
      Ratchet ratchet,
      CompiledRule rule,
      Variables variables) {
    if (!rule.error().isEmpty()) {
      run.errors.add(invalidType(path, "rule compile error: " + rule.error()));
      return true;
    }
    Expression program = rule.program();
    if (program == null || rule.usesOldSelf() && old == null && !rule.optionalOldSelf()) {
      return true;
    }
    Evaluation result = program.evaluate(variables);
    if (result.cost() > run.budget) {
      run.errors.add(invalidType(path, OUT_OF_BUDGET));
      return false;
    }
    run.budget -= result.cost();
    if (result.error().isPresent()) {
      return failed(run, path, rule, result.error().get());
    }
    return result.isTrue() || broken(run, path, value, ratchet, rule, variables);
  }

  private boolean failed(Run run, @Nullable FieldPath path, CompiledRule rule, EvaluationException error) {
    String words = error.getMessage();
    if (words.startsWith("no such overload")) {
      String detail =
          "'" + words + "': call arguments did not match a supported operator, function or macro signature for rule: " + rule.shown();
      run.errors.add(invalidType(path, detail));
      return true;
    }
    if (error instanceof CostLimitException) {
      String detail = "'" + words + "': no further validation rules will be run due to call cost exceeds limit for rule: " + rule.shown();
      run.errors.add(invalidType(path, detail));
      return false;
    }
    run.errors.add(invalidType(path, words + " evaluating rule: " + rule.shown()));
    return true;
  }

  private boolean broken(
      Run run, @Nullable FieldPath path, Value value, Ratchet ratchet, CompiledRule rule, Variables variables) {
    FieldPath where = rule.fieldPath() == null ? path : FieldPath.child(path, rule.fieldPath());
    Optional<String> words = Optional.empty();
    Expression message = rule.message();
    if (message != null) {
      Evaluation computed = message.evaluate(variables);
      String fatal = "";
      if (computed.cost() > run.budget) {
        fatal = "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run";
      } else if (computed.error().orElse(null) instanceof CostLimitException) {
        fatal =
            "no further validation rules will be run due to call cost exceeds limit for messageExpression: "
                + GoText.quote(rule.rule().string("messageExpression"));
      }
      if (!fatal.isEmpty()) {
        tell(run, ratchet, rule, invalidType(where, fatal));
        return false;
      }
      run.budget -= computed.cost();
      words = computed.text().map(String::strip).filter(RuleValidator::isMessage);
    }
    // Objects and lists are not shown.
    boolean whole = schema.type.equals("object") || schema.type.equals("array");
    String shown = whole ? null : GoText.of(value);
    tell(run, ratchet, rule, error(where, shown, words.orElse(rule.words()), rule.rule().string("reason")));
    return true;
  }

  private static boolean isMessage(String text) {
    return !text.isEmpty() && text.indexOf('\n') < 0 && text.getBytes(StandardCharsets.UTF_8).length <= Costs.MESSAGE_BYTES_MAX;
  }

  private static void tell(Run run, Ratchet ratchet, CompiledRule rule, FieldError error) {
    if (!rule.usesOldSelf() && ratchet.unchanged()) {
      run.warnings.accept(error.toString());
    } else {
      run.errors.add(error);
    }
  }

  private static FieldError error(@Nullable FieldPath path, @Nullable String value, String detail, String reason) {
    String where = FieldPath.text(path);
    return switch (reason) {
      case "FieldValueForbidden" -> new FieldError(FieldError.Type.FORBIDDEN, where, null, detail);
      case "FieldValueRequired" -> new FieldError(FieldError.Type.REQUIRED, where, null, detail);
      case "FieldValueDuplicate" -> new FieldError(FieldError.Type.DUPLICATE, where, value, "");
      default -> new FieldError(FieldError.Type.INVALID, where, value, detail);
    };
  }

  private FieldError invalidType(@Nullable FieldPath path, String detail) {
    return new FieldError(FieldError.Type.INVALID, FieldPath.text(path), GoText.quote(schema.type), detail);
  }
}
