package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Resource quotas and their scopes.
/// Source: pkg/apis/core/validation/validation.go, pkg/registry/core/resourcequota/strategy.go.
final class QuotaRules {
  private static final Set<String> SCOPES =
      Set.of(
          "Terminating",
          "NotTerminating",
          "BestEffort",
          "NotBestEffort",
          "PriorityClass",
          "VolumeAttributesClass",
          "CrossNamespacePodAffinity");
  private static final Set<String> POD_COMPUTE =
      Set.of("pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory");
  private static final Set<String> EXISTS_ALONE =
      Set.of("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "CrossNamespacePodAffinity");
  private static final List<Set<String>> CONFLICTS =
      List.of(Set.of("BestEffort", "NotBestEffort"), Set.of("Terminating", "NotTerminating"));
  private static final String NO_SCOPE = "unsupported scope";
  private static final String NO_SCOPE_OF_RESOURCE = "unsupported scope applied to resource";

  private QuotaRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .rules(QuotaRules::spec)
        .updateRules(QuotaRules::scopesStay)
        .warns((quota, old) -> old == null ? warnings(quota) : List.of());
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .updateRules(
            (quota, _, _, errors) -> {
              if (quota.string("metadata", "resourceVersion").isEmpty()) {
                errors.add(FieldError.required(FieldPath.of("resourceVersion"), ""));
              }
              amounts(quota.object("status", "hard"), FieldPath.of("status", "hard"), errors);
              amounts(quota.object("status", "used"), FieldPath.of("status", "used"), errors);
            });
  }

  private static void spec(ObjectValue quota, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = quota.object("spec");
    FieldPath path = FieldPath.of("spec");
    amounts(spec.object("hard"), path.child("hard"), errors);
    scopes(spec, path.child("scopes"), errors);
    if (spec.get("scopeSelector") instanceof ObjectValue selector) {
      selector(spec, selector, path.child("scopeSelector", "matchExpressions"), errors);
    }
  }

  private static void amounts(ObjectValue amounts, FieldPath path, List<FieldError> errors) {
    for (String name : amounts.names()) {
      ResourceNames.checkQuota(name, path.key(name), errors);
      ResourceNames.checkAmount(name, Quantities.of(amounts, name), path.key(name), errors);
    }
  }

  private static boolean applies(String scope, String resource) {
    return switch (scope) {
      case "Terminating", "NotTerminating", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity" ->
          POD_COMPUTE.contains(resource);
      case "BestEffort" -> resource.equals("pods");
      case "VolumeAttributesClass" -> resource.equals("persistentvolumeclaims") || resource.equals("requests.storage");
      default -> true;
    };
  }

  private static long misfits(String scope, ObjectValue spec) {
    return new TreeSet<>(spec.object("hard").names())
        .stream().filter(name -> ResourceNames.isStandardQuota(name) && !applies(scope, name)).count();
  }

  private static void scopes(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    ListValue scopes = spec.list("scopes");
    for (String scope : scopes.strings()) {
      if (!SCOPES.contains(scope)) {
        errors.add(FieldError.invalid(path, scopes, NO_SCOPE));
      }
      for (long i = misfits(scope, spec); i > 0; i--) {
        errors.add(FieldError.invalid(path, scopes, NO_SCOPE_OF_RESOURCE));
      }
    }
    conflicts(new HashSet<>(scopes.strings()), scopes, path, errors);
  }

  private static void conflicts(Set<String> given, Value told, FieldPath path, List<FieldError> errors) {
    for (Set<String> pair : CONFLICTS) {
      if (given.containsAll(pair)) {
        errors.add(FieldError.invalid(path, told, "conflicting scopes"));
      }
    }
  }

  private static void selector(ObjectValue spec, ObjectValue selector, FieldPath path, List<FieldError> errors) {
    var given = new HashSet<String>();
    for (ObjectValue expression : selector.list("matchExpressions").objects()) {
      String scope = expression.string("scopeName");
      String operator = expression.string("operator");
      if (!SCOPES.contains(scope)) {
        errors.add(FieldError.invalid(path.child("scopeName"), scope, NO_SCOPE));
      }
      for (long i = misfits(scope, spec); i > 0; i--) {
        errors.add(FieldError.invalid(path, goSelector(selector), NO_SCOPE_OF_RESOURCE));
      }
      if (EXISTS_ALONE.contains(scope) && !operator.equals("Exists")) {
        errors.add(
            FieldError.invalid(
                path.child("operator"),
                operator,
                "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating,"
                    + " ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or"
                    + " ResourceQuotaScopeCrossNamespacePodAffinity"));
      }
      operator(expression, operator, path, errors);
      given.add(scope);
    }
    // Upstream tells the plain scopes here, which are mostly none.
    conflicts(given, io.thyra.groups.Checks.list(spec, "scopes"), path, errors);
  }

  private static void operator(ObjectValue expression, String operator, FieldPath path, List<FieldError> errors) {
    ListValue values = expression.list("values");
    switch (operator) {
      case "In", "NotIn" -> {
        if (values.isEmpty()) {
          errors.add(
              FieldError.required(
                  path.child("values"), "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (!values.isEmpty()) {
          errors.add(
              FieldError.invalid(
                  path.child("values"), values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
        }
      }
      default -> errors.add(FieldError.invalid(path.child("operator"), operator, "not a valid selector operator"));
    }
  }

  // The internal struct, whose fields have their Go names.
  private static Value goSelector(ObjectValue selector) {
    var all = new ArrayList<Value>();
    for (ObjectValue expression : selector.list("matchExpressions").objects()) {
      all.add(
          ObjectValue.builder()
              .put("ScopeName", expression.string("scopeName"))
              .put("Operator", expression.string("operator"))
              .put("Values", io.thyra.groups.Checks.list(expression, "values"))
              .build());
    }
    return ObjectValue.of("MatchExpressions", new ListValue(all));
  }

  private static void scopesStay(ObjectValue quota, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    Set<String> scopes = new HashSet<>(quota.list("spec", "scopes").strings());
    if (!scopes.equals(new HashSet<>(old.list("spec", "scopes").strings()))) {
      Value told = io.thyra.groups.Checks.list(quota.object("spec"), "scopes");
      errors.add(FieldError.invalid(FieldPath.of("spec", "scopes"), told, "field is immutable"));
    }
  }

  private static List<String> warnings(ObjectValue quota) {
    ObjectValue hard = quota.object("spec", "hard");
    var out = new ArrayList<String>();
    for (String name : List.of("cpu", "memory", "storage", "ephemeral-storage")) {
      String request = "requests." + name;
      if (!hard.has(request) && hard.has(name) && (name.equals("cpu") || name.equals("memory"))) {
        request = name;
      }
      String limit = "limits." + name;
      if (hard.has(request) && hard.has(limit)) {
        Quantity asked = Quantities.of(hard, request);
        Quantity allowed = Quantities.of(hard, limit);
        if (asked.compareTo(allowed) > 0) {
          out.add("ResourceQuota " + request + " (" + asked + ") should be less than " + limit + " (" + allowed + ")");
        }
      }
    }
    return out;
  }
}
