package io.thyra.groups.batch;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.notNegative;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// When the pods of a Job make it fail, and when its indexes make it succeed.
/// Source: pkg/apis/batch/validation/validation.go.
final class FailurePolicyRules {
  private static final int RULES_MAX = 20;
  private static final int EXIT_CODES_MAX = 255;
  private static final int CONDITIONS_MAX = 20;
  private static final int INDEXES_BYTES_MAX = 64 * 1024;
  private static final String[] ACTIONS = {"Count", "FailIndex", "FailJob", "Ignore"};
  private static final String[] OPERATORS = {"In", "NotIn"};
  private static final String[] STATUSES = {"False", "True", "Unknown"};

  private FailurePolicyRules() {}

  static void check(ObjectValue policy, ObjectValue spec, FieldPath path, List<FieldError> errors) {
    Set<String> containers = new HashSet<>();
    for (String field : List.of("containers", "initContainers")) {
      spec.list("template", "spec", field).objects().forEach(c -> containers.add(c.string("name")));
    }
    Rules.maxItems("rules", RULES_MAX).check(policy, path, errors);
    List<ObjectValue> rules = policy.list("rules").objects();
    for (int i = 0; i < rules.size(); i++) {
      rule(rules.get(i), spec, containers, path.child("rules").index(i), errors);
    }
  }

  private static void rule(ObjectValue rule, ObjectValue spec, Set<String> containers, FieldPath path, List<FieldError> errors) {
    String action = rule.string("action");
    if (!action.equals("FailIndex")) {
      word(action, path.child("action"), errors, ACTIONS);
    } else if (!isSet(spec, "backoffLimitPerIndex")) {
      errors.add(FieldError.invalid(path.child("action"), action, "requires the backoffLimitPerIndex to be set"));
    }
    boolean codes = isSet(rule, "onExitCodes");
    boolean conditions = !rule.list("onPodConditions").isEmpty();
    if (codes) {
      exitCodes(rule.object("onExitCodes"), containers, path.child("onExitCodes"), errors);
    }
    if (conditions) {
      conditions(rule.list("onPodConditions"), path.child("onPodConditions"), errors);
    }
    if (codes && conditions) {
      errors.add(Checks.invalidUnshown(path, "specifying both OnExitCodes and OnPodConditions is not supported"));
    }
    if (!codes && !conditions) {
      errors.add(Checks.invalidUnshown(path, "specifying one of OnExitCodes and OnPodConditions is required"));
    }
  }

  /// A word that must be there; its absence is told as Go prints a slice.
  private static void word(String word, FieldPath path, List<FieldError> errors, String... words) {
    if (word.isEmpty()) {
      errors.add(FieldError.required(path, "valid values: [\"" + String.join("\" \"", words) + "\"]"));
    } else {
      Checks.oneOf(word, path, errors, words);
    }
  }

  private static void exitCodes(ObjectValue codes, Set<String> containers, FieldPath path, List<FieldError> errors) {
    String operator = codes.string("operator");
    word(operator, path.child("operator"), errors, OPERATORS);
    String container = codes.string("containerName");
    if (isSet(codes, "containerName") && !containers.contains(container)) {
      errors.add(
          FieldError.invalid(
              path.child("containerName"), container, "must be one of the container or initContainer names in the pod template"));
    }
    FieldPath at = path.child("values");
    ListValue values = codes.list("values");
    if (values.isEmpty()) {
      errors.add(FieldError.invalid(at, Checks.list(codes, "values"), "at least one value is required"));
    }
    Rules.maxItems("values", EXIT_CODES_MAX).check(codes, path, errors);
    boolean ordered = true;
    Set<Long> seen = new HashSet<>();
    long before = Long.MIN_VALUE;
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      long code = value instanceof IntegerValue(long number) ? number : 0;
      if (operator.equals("In") && code == 0) {
        errors.add(FieldError.invalid(at.index(i), code, "must not be 0 for the In operator"));
      }
      if (!seen.add(code)) {
        errors.add(FieldError.duplicatePrinted(at.index(i), Long.toString(code)));
      }
      ordered &= before <= code;
      before = code;
    }
    if (!ordered) {
      errors.add(FieldError.invalid(at, values, "must be ordered"));
    }
  }

  private static void conditions(ListValue conditions, FieldPath path, List<FieldError> errors) {
    if (conditions.size() > CONDITIONS_MAX) {
      errors.add(FieldError.tooMany(path, conditions.size(), CONDITIONS_MAX));
    }
    for (int i = 0; i < conditions.size(); i++) {
      ObjectValue condition = conditions.object(i);
      Rules.checkFormat(condition.string("type"), path.index(i).child("type"), errors, Names::qualifiedName);
      word(condition.string("status"), path.index(i).child("status"), errors, STATUSES);
    }
  }

  static void checkSuccess(ObjectValue policy, long completions, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> rules = policy.list("rules").objects();
    if (rules.isEmpty()) {
      errors.add(
          FieldError.required(path.child("rules"), "at least one rules must be specified when the successPolicy is specified"));
    }
    Rules.maxItems("rules", RULES_MAX).check(policy, path, errors);
    for (int i = 0; i < rules.size(); i++) {
      success(rules.get(i), completions, path.child("rules").index(i), errors);
    }
  }

  private static void success(ObjectValue rule, long completions, FieldPath path, List<FieldError> errors) {
    boolean counts = isSet(rule, "succeededCount");
    boolean lists = isSet(rule, "succeededIndexes");
    if (!counts && !lists) {
      errors.add(FieldError.required(path, "at least one of succeededCount or succeededIndexes must be specified"));
    }
    String indexes = rule.string("succeededIndexes");
    if (lists) {
      Rules.maxLength("succeededIndexes", INDEXES_BYTES_MAX).check(rule, path, errors);
      IndexList.findComplaint(indexes, completions)
          .ifPresent(
              complaint ->
                  errors.add(
                      FieldError.invalid(
                          path.child("succeededIndexes"), indexes, "error parsing succeededIndexes: " + complaint)));
    }
    if (counts) {
      notNegative(rule, path, errors, "succeededCount");
      atMost(rule, completions, "the number of specified completions", path, errors);
      if (lists) {
        long listed = IndexList.count(indexes, completions);
        atMost(rule, listed, "the number of indexes in the specified succeededIndexes field", path, errors);
      }
    }
  }

  private static void atMost(ObjectValue rule, long max, String what, FieldPath path, List<FieldError> errors) {
    long count = number(rule, "succeededCount");
    if (count > max) {
      errors.add(
          FieldError.invalid(path.child("succeededCount"), count, "must be less than or equal to " + max + " (" + what + ")"));
    }
  }
}
