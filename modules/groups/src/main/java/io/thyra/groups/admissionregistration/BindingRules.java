package io.thyra.groups.admissionregistration;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Bindings of admission policies of both kinds. Source: pkg/apis/admissionregistration/validation/validation.go.
final class BindingRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String EXCLUSIVE = "name and selector are mutually exclusive";
  private static final String TWICE =
      "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers "
          + "serves no purpose)";

  private BindingRules() {}

  static void declare(Group.Declaration r, boolean validating, ParamAccess access) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .anyFinalizers()
        .countsGenerations()
        .requiresResourceVersion()
        .rules((binding, _, errors) -> binding(binding.object("spec"), validating, errors))
        .contextRules(access::binding)
        .contextUpdateRules(access::binding)
        .warns((binding, _) -> MatchRules.nameWarnings(binding));
  }

  private static void binding(ObjectValue spec, boolean validating, List<FieldError> errors) {
    Checks.named(spec, "policyName", SPEC, errors, Names::dns1123Subdomain);
    if (spec.get("paramRef") instanceof ObjectValue reference) {
      parameters(reference, SPEC.child("paramRef"), errors);
    }
    MatchRules.matchResources(spec, "matchResources", SPEC, errors);
    if (validating) {
      actions(spec.list("validationActions"), SPEC.child("validationActions"), errors);
    } else {
      PolicyRules.mutatedOperations(spec.object("matchResources"), SPEC.child("matchResources"), errors);
    }
  }

  private static void parameters(ObjectValue reference, FieldPath path, List<FieldError> errors) {
    String name = reference.string("name");
    boolean selects = isSet(reference, "selector");
    if (!name.isEmpty()) {
      Rules.checkFormat(name, path.child("name"), errors, Names::pathSegmentName);
      if (selects) {
        errors.add(FieldError.forbidden(path.child("name"), EXCLUSIVE));
      }
    }
    Checks.selector(reference, "selector", false, path, errors);
    if (selects && !name.isEmpty()) {
      errors.add(FieldError.forbidden(path.child("selector"), EXCLUSIVE));
    }
    if (!selects && name.isEmpty()) {
      errors.add(FieldError.required(path, "one of name or selector must be specified"));
    }
    String action = reference.string("parameterNotFoundAction");
    if (action.isEmpty()) {
      errors.add(FieldError.required(path.child("parameterNotFoundAction"), ""));
    } else {
      Checks.oneOf(action, path.child("parameterNotFoundAction"), errors, "Deny", "Allow");
    }
  }

  private static void actions(ListValue list, FieldPath path, List<FieldError> errors) {
    List<String> actions = list.strings();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < actions.size(); i++) {
      Checks.oneOf(actions.get(i), path.index(i), errors, "Audit", "Deny", "Warn");
      if (!seen.add(actions.get(i))) {
        errors.add(FieldError.duplicate(path.index(i), actions.get(i)));
      }
    }
    if (seen.contains("Deny") && seen.contains("Warn")) {
      errors.add(FieldError.invalid(path, list, TWICE));
    }
    if (seen.isEmpty()) {
      errors.add(FieldError.required(path, "at least one validation action is required"));
    }
  }
}
