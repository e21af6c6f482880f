package io.thyra.groups.admissionregistration;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Validating and mutating admission policies.
/// Source: pkg/apis/admissionregistration/validation/validation.go.
final class PolicyRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final int ANNOTATIONS_MAX = 20;
  private static final int ANNOTATION_BYTES_MAX = 5 * 1024;
  private static final String[] MUTATING_OPERATIONS = {"*", "CONNECT", "CREATE", "UPDATE"};
  private static final Set<String> RESERVED =
      Set.of(
          "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
          "loop", "package", "namespace", "return", "var", "void", "while");
  private static final String NEEDED = "validations or auditAnnotations must contain at least one item";

  private PolicyRules() {}

  static void declareValidating(Group.Declaration r, ParamAccess access) {
    var annotations = GoStruct.at(r.struct(), "spec", "auditAnnotations");
    strategy(r, access)
        .dropsStatus()
        .createRules((policy, _, errors) -> validating(policy, null, annotations, errors))
        .updateRules((policy, old, _, errors) -> validating(policy, old, annotations, errors))
        .contextRules(access::policy)
        .contextUpdateRules(access::policy);
    r.statusRules()
        .requiresResourceVersion()
        .resetsMetadata()
        .updateRules((policy, _, _, errors) -> status(policy.object("status"), errors));
  }

  static void declareMutating(Group.Declaration r, ParamAccess access) {
    strategy(r, access)
        .createRules((policy, _, errors) -> mutating(policy.object("spec"), null, errors))
        .updateRules((policy, old, _, errors) -> mutating(policy.object("spec"), old.object("spec"), errors))
        .contextRules(access::policy)
        .contextUpdateRules(access::policy);
  }

  private static KindStrategy.Builder strategy(Group.Declaration r, ParamAccess access) {
    return r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .anyFinalizers()
        .countsGenerations()
        .requiresResourceVersion()
        .warns((policy, _) -> MatchRules.nameWarnings(policy));
  }

  private static void common(
      ObjectValue spec, @Nullable ObjectValue old, boolean mutates, PolicyExpressions expressions, List<FieldError> errors) {
    if (isSet(spec, "failurePolicy")) {
      Checks.oneOf(spec.string("failurePolicy"), SPEC.child("failurePolicy"), errors, "Fail", "Ignore");
    } else {
      errors.add(FieldError.required(SPEC.child("failurePolicy"), ""));
    }
    if (spec.get("paramKind") instanceof ObjectValue kind) {
      paramKind(kind, SPEC.child("paramKind"), errors);
    }
    if (isSet(spec, "matchConstraints")) {
      MatchRules.matchResources(spec, "matchConstraints", SPEC, errors);
      constraints(spec.list("matchConstraints", "resourceRules").objects(), mutates, errors);
    } else {
      errors.add(FieldError.required(SPEC.child("matchConstraints"), ""));
    }
    boolean same =
        old != null
            && Objects.equals(spec.get("paramKind"), old.get("paramKind"))
            && Objects.equals(spec.get("matchConditions"), old.get("matchConditions"));
    if (!same) {
      boolean params = spec.get("paramKind") instanceof ObjectValue;
      MatchRules.conditions(spec.list("matchConditions"), params, SPEC.child("matchConditions"), errors);
    }
    List<ObjectValue> variables = spec.list("variables").objects();
    for (int i = 0; i < variables.size(); i++) {
      variable(variables.get(i), SPEC.child("variables").index(i), expressions, errors);
    }
  }

  private static void constraints(List<ObjectValue> rules, boolean mutates, List<FieldError> errors) {
    FieldPath path = SPEC.child("matchConstraints", "resourceRules");
    if (rules.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    if (mutates) {
      mutatedOperations(ObjectValue.of("resourceRules", new ListValue(List.copyOf(rules))), SPEC.child("matchConstraints"), errors);
    }
  }

  /// Only requests that bring an object can be changed.
  static void mutatedOperations(ObjectValue match, FieldPath path, List<FieldError> errors) {
    FieldPath at = path.child("resourceRules", "operations");
    for (ObjectValue rule : match.list("resourceRules").objects()) {
      rule.list("operations").strings().forEach(o -> Checks.oneOf(o, at, errors, MUTATING_OPERATIONS));
    }
  }

  private static void paramKind(ObjectValue kind, FieldPath path, List<FieldError> errors) {
    String version = kind.string("apiVersion");
    FieldPath at = path.child("apiVersion");
    long slashes = version.chars().filter(c -> c == '/').count();
    if (version.isEmpty()) {
      errors.add(FieldError.required(at, ""));
    } else if (slashes > 1) {
      errors.add(FieldError.invalid(at, version, "unexpected GroupVersion string: " + version));
    } else {
      int slash = version.indexOf('/');
      String group = slash < 0 ? "" : version.substring(0, slash);
      String name = version.substring(slash + 1);
      if (!group.isEmpty()) {
        joined(group, group, "", Names.dns1123Subdomain(group), at, errors);
      }
      if (name.isEmpty()) {
        errors.add(FieldError.invalid(at, version, "version must be specified"));
      } else {
        joined(name, name, "", Names.dns1035Label(name), at, errors);
      }
    }
    String word = kind.string("kind");
    if (word.isEmpty()) {
      errors.add(FieldError.required(path.child("kind"), ""));
    } else {
      List<String> complaints = Names.dns1035Label(word.toLowerCase(Locale.ROOT));
      joined(word, word, "may have mixed case, but should otherwise match: ", complaints, path.child("kind"), errors);
    }
  }

  private static void joined(
      String text, String shown, String start, List<String> complaints, FieldPath path, List<FieldError> errors) {
    if (!complaints.isEmpty()) {
      errors.add(FieldError.invalid(path, shown, start + String.join(",", complaints)));
    }
  }

  private static void variable(
      ObjectValue variable, FieldPath path, PolicyExpressions expressions, List<FieldError> errors) {
    String name = variable.string("name");
    if (name.isBlank()) {
      errors.add(FieldError.required(path.child("name"), "name is not specified"));
    } else if (!isIdentifier(name)) {
      errors.add(FieldError.invalid(path.child("name"), name, "must be a valid CEL identifier"));
    }
    if (variable.string("expression").isBlank()) {
      errors.add(FieldError.required(path.child("expression"), "expression is not specified"));
    } else {
      expressions.variable(name, variable.string("expression"), path.child("expression"), errors);
    }
  }

  private static boolean isIdentifier(String name) {
    return !RESERVED.contains(name)
        && !Character.isDigit(name.charAt(0))
        && name.chars().allMatch(c -> c == '_' || c < 0x80 && Character.isLetterOrDigit(c));
  }

  private static void validating(
      ObjectValue policy, @Nullable ObjectValue old, io.thyra.schema.Struct annotations, List<FieldError> errors) {
    ObjectValue spec = policy.object("spec");
    PolicyExpressions expressions = PolicyExpressions.of(spec, false);
    common(spec, old == null ? null : old.object("spec"), false, expressions, errors);
    List<ObjectValue> validations = spec.list("validations").objects();
    ListValue audits = spec.list("auditAnnotations");
    if (validations.isEmpty() && audits.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("validations"), NEEDED));
      errors.add(FieldError.required(SPEC.child("auditAnnotations"), NEEDED));
      return;
    }
    for (int i = 0; i < validations.size(); i++) {
      boolean params = spec.get("paramKind") instanceof ObjectValue;
      validation(validations.get(i), params, SPEC.child("validations").index(i), expressions, errors);
    }
    if (audits.size() > ANNOTATIONS_MAX) {
      String printed = GoText.of(audits.map(a -> GoStruct.of(annotations, a)));
      errors.add(
          FieldError.invalidPrinted(
              SPEC.child("auditAnnotations"), printed, "must not have more than " + ANNOTATIONS_MAX + " auditAnnotations"));
    }
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < audits.size(); i++) {
      String name = policy.string("metadata", "name");
      audit(audits.object(i), name, keys, SPEC.child("auditAnnotations").index(i), expressions, errors);
    }
  }

  private static void validation(
      ObjectValue validation, boolean params, FieldPath path, PolicyExpressions expressions, List<FieldError> errors) {
    if (validation.string("expression").isBlank()) {
      errors.add(FieldError.required(path.child("expression"), "expression is not specified"));
    } else {
      expressions.validation(validation.string("expression"), path.child("expression"), errors);
    }
    String computed = validation.string("messageExpression");
    if (!computed.isEmpty() && computed.isBlank()) {
      errors.add(FieldError.invalid(path.child("messageExpression"), computed, "must be non-empty if specified"));
    } else if (!computed.isEmpty()) {
      expressions.message(computed, params, path.child("messageExpression"), errors);
    }
    String message = validation.string("message");
    if (!message.isEmpty() && message.isBlank()) {
      errors.add(FieldError.invalid(path.child("message"), message, "must be non-empty if specified"));
    } else if (message.strip().chars().anyMatch(c -> c == '\n' || c == '\r')) {
      errors.add(FieldError.invalid(path.child("message"), message, "must not contain line breaks"));
    }
    if (isSet(validation, "reason")) {
      Checks.oneOf(
          validation.string("reason"), path.child("reason"), errors, "Forbidden", "Invalid", "RequestEntityTooLarge");
    }
  }

  private static void audit(
      ObjectValue audit, String name, Set<String> keys, FieldPath path, PolicyExpressions expressions, List<FieldError> errors) {
    String key = audit.string("key");
    if (name.isEmpty()) {
      errors.add(FieldError.invalid(path.child("key"), key, "requires metadata.name be non-empty"));
    } else {
      Rules.checkFormat(name + "/" + key, path.child("key"), errors, Names::qualifiedName);
    }
    String expression = audit.string("valueExpression").strip();
    if (expression.isEmpty()) {
      errors.add(FieldError.required(path.child("valueExpression"), "valueExpression is not specified"));
    } else if (expression.length() > ANNOTATION_BYTES_MAX) {
      errors.add(
          FieldError.required(path.child("valueExpression"), "must not exceed " + ANNOTATION_BYTES_MAX + " bytes in length"));
    } else {
      expressions.audit(audit.string("valueExpression"), path.child("valueExpression"), errors);
    }
    if (!keys.add(key)) {
      errors.add(FieldError.duplicate(path.child("key"), key));
    }
  }

  private static void status(ObjectValue status, List<FieldError> errors) {
    FieldPath path = STATUS.child("typeChecking", "expressionWarnings");
    List<ObjectValue> warnings = status.list("typeChecking", "expressionWarnings").objects();
    for (int i = 0; i < warnings.size(); i++) {
      Checks.required(warnings.get(i), "warning", "", path.index(i), errors);
      if (warnings.get(i).string("fieldRef").isBlank()) {
        errors.add(FieldError.required(path.index(i).child("fieldRef"), ""));
      }
    }
    errors.addAll(ObjectMetaValidation.conditions(status.list("conditions"), STATUS.child("conditions")));
  }

  private static void mutating(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    PolicyExpressions expressions = PolicyExpressions.of(spec, true);
    common(spec, old, true, expressions, errors);
    List<ObjectValue> mutations = spec.list("mutations").objects();
    if (mutations.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("mutations"), "mutations must contain at least one item"));
    }
    for (int i = 0; i < mutations.size(); i++) {
      mutation(mutations.get(i), SPEC.child("mutations").index(i), expressions, errors);
    }
    String reinvocation = spec.string("reinvocationPolicy");
    if (reinvocation.isEmpty()) {
      errors.add(FieldError.required(SPEC.child("reinvocationPolicy"), ""));
    } else {
      Checks.oneOf(reinvocation, SPEC.child("reinvocationPolicy"), errors, "IfNeeded", "Never");
    }
  }

  private static void mutation(
      ObjectValue mutation, FieldPath path, PolicyExpressions expressions, List<FieldError> errors) {
    switch (mutation.string("patchType")) {
      case "" -> errors.add(FieldError.required(path.child("patchType"), ""));
      case "JSONPatch" -> {
        patch(mutation, "JSONPatch", "jsonPatch", "list(JSONPatch)", path, expressions, errors);
        unwanted(mutation, "JSONPatch", "applyConfiguration", path, errors);
      }
      case "ApplyConfiguration" -> {
        patch(mutation, "ApplyConfiguration", "applyConfiguration", "Object", path, expressions, errors);
        unwanted(mutation, "ApplyConfiguration", "jsonPatch", path, errors);
      }
      case String type -> Checks.oneOf(type, path.child("patchType"), errors, "ApplyConfiguration", "JSONPatch");
    }
  }

  private static void patch(
      ObjectValue mutation,
      String type,
      String wanted,
      String made,
      FieldPath path,
      PolicyExpressions expressions,
      List<FieldError> errors) {
    String expression = mutation.object(wanted).string("expression");
    if (!isSet(mutation, wanted)) {
      errors.add(FieldError.required(path.child(wanted), "must be specified when patchType is " + type));
    } else if (expression.isBlank()) {
      errors.add(FieldError.required(path.child(wanted, "expression"), ""));
    } else {
      expressions.mutation(expression, made, path.child(wanted, "expression"), errors);
    }
  }

  private static void unwanted(ObjectValue mutation, String type, String other, FieldPath path, List<FieldError> errors) {
    if (isSet(mutation, other)) {
      errors.add(FieldError.invalid(path.child(other), "{" + other + "}", "must not be specified when patchType is " + type));
    }
  }
}
