package io.thyra.groups.resource;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Parts of claims, classes and slices: selectors, configurations, taints and tolerations.
/// Source: pkg/apis/resource/validation/validation.go.
final class DeviceRules {
  static final int LIST_MAX = 32;
  private static final int EXPRESSION_BYTES_MAX = 10 * 1024;
  private static final int PARAMETERS_BYTES_MAX = 10 * 1024;
  private static final int BINDING_MAX = 4;
  private static final String[] EFFECTS = {"NoExecute", "NoSchedule", "None"};

  private DeviceRules() {}

  static void selectors(ListValue selectors, FieldPath path, List<FieldError> errors) {
    DeviceNames.list(selectors, LIST_MAX, path, errors, DeviceRules::selector);
  }

  private static void selector(ObjectValue selector, FieldPath path, List<FieldError> errors) {
    if (!isSet(selector, "cel")) {
      errors.add(FieldError.required(path.child("cel"), ""));
      return;
    }
    String expression = selector.string("cel", "expression");
    if (expression.getBytes(StandardCharsets.UTF_8).length > EXPRESSION_BYTES_MAX) {
      errors.add(FieldError.tooLong(path.child("cel", "expression"), EXPRESSION_BYTES_MAX));
    } else {
      DeviceExpressions.check(expression, path.child("cel", "expression"), errors);
    }
  }

  static void configuration(ObjectValue config, FieldPath path, List<FieldError> errors) {
    if (config.get("opaque") instanceof ObjectValue opaque) {
      DeviceNames.driver(opaque.string("driver"), path.child("opaque", "driver"), errors);
      raw(opaque.get("parameters"), path.child("opaque", "parameters"), errors);
    } else {
      errors.add(FieldError.required(path.child("opaque"), ""));
    }
  }

  /// A JSON object of a bounded size.
  static void raw(@org.jspecify.annotations.Nullable Value value, FieldPath path, List<FieldError> errors) {
    if (!Checks.isSet(value) || value == null) {
      errors.add(FieldError.required(path, ""));
    } else if (GoText.json(value).getBytes(StandardCharsets.UTF_8).length > PARAMETERS_BYTES_MAX) {
      errors.add(FieldError.tooLong(path, PARAMETERS_BYTES_MAX));
    } else if (!(value instanceof ObjectValue)) {
      errors.add(FieldError.invalid(path, "<value omitted>", "must be a valid JSON object"));
    }
  }

  static void taint(ObjectValue taint, FieldPath path, List<FieldError> errors) {
    Rules.checkFormat(taint.string("key"), path.child("key"), errors, Names::qualifiedName);
    Rules.formatted("value", Names::labelValue).check(taint, path, errors);
    String effect = taint.string("effect");
    if (effect.isEmpty()) {
      errors.add(FieldError.required(path.child("effect"), ""));
    } else {
      Checks.oneOf(effect, path.child("effect"), errors, EFFECTS);
    }
  }

  static void toleration(ObjectValue toleration, FieldPath path, List<FieldError> errors) {
    Rules.formatted("key", Names::qualifiedName).check(toleration, path, errors);
    String value = toleration.string("value");
    switch (toleration.string("operator")) {
      case "Exists" -> {
        if (!value.isEmpty()) {
          errors.add(FieldError.invalid(path.child("value"), value, "must be empty for operator `Exists`"));
        }
      }
      case "Equal" -> Rules.checkFormat(value, path.child("value"), errors, Names::labelValue);
      case "" -> errors.add(FieldError.required(path.child("operator"), ""));
      case String operator -> Checks.oneOf(operator, path.child("operator"), errors, "Equal", "Exists");
    }
    if (!toleration.string("effect").isEmpty()) {
      Checks.oneOf(toleration.string("effect"), path.child("effect"), errors, EFFECTS);
    }
  }

  /// Conditions that a device waits for and those that it fails by: both or none, and none twice.
  static void binding(ObjectValue device, FieldPath path, List<FieldError> errors) {
    List<String> good = device.list("bindingConditions").strings();
    List<String> bad = device.list("bindingFailureConditions").strings();
    FieldPath goodPath = path.child("bindingConditions");
    FieldPath badPath = path.child("bindingFailureConditions");
    names(good, goodPath, errors);
    names(bad, badPath, errors);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < good.size(); i++) {
      if (!seen.add(good.get(i))) {
        errors.add(FieldError.duplicate(goodPath.index(i), good.get(i)));
      }
    }
    seen.clear();
    for (int i = 0; i < bad.size(); i++) {
      if (!seen.add(bad.get(i))) {
        errors.add(FieldError.duplicate(badPath.index(i), bad.get(i)));
      }
      if (good.contains(bad.get(i))) {
        errors.add(
            FieldError.invalid(badPath.index(i), bad.get(i), "bindingFailureConditions must not overlap with bindingConditions"));
      }
    }
    if (good.isEmpty() && !bad.isEmpty()) {
      errors.add(
          Checks.invalid(
              goodPath, device.get("bindingConditions"), "bindingConditions are required to use bindingFailureConditions"));
    }
    if (bad.isEmpty() && !good.isEmpty()) {
      errors.add(
          Checks.invalid(
              badPath, device.get("bindingFailureConditions"), "bindingFailureConditions are required to use bindingConditions"));
    }
  }

  private static void names(List<String> names, FieldPath path, List<FieldError> errors) {
    if (names.size() > BINDING_MAX) {
      errors.add(FieldError.tooMany(path, names.size(), BINDING_MAX));
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      Rules.checkFormat(names.get(i), path.index(i), errors, Names::qualifiedName);
    }
  }
}
