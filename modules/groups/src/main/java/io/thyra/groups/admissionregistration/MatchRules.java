package io.thyra.groups.admissionregistration;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What webhooks and policies say about the requests that they want: operations, resources, selectors, conditions.
/// Source: pkg/apis/admissionregistration/validation/validation.go.
final class MatchRules {
  private static final int CONDITIONS_MAX = 64;
  private static final String[] OPERATIONS = {"*", "CONNECT", "CREATE", "DELETE", "UPDATE"};
  private static final String[] SCOPES = {"*", "Cluster", "Namespaced"};

  private MatchRules() {}

  /// A list with `*` has nothing else.
  private static void onlyWildcard(ObjectValue rule, String field, String what, FieldPath path, List<FieldError> errors) {
    ListValue all = rule.list(field);
    if (all.size() > 1 && all.strings().contains("*")) {
      errors.add(FieldError.invalid(path.child(field), all, "if '*' is present, must not specify other " + what));
    }
  }

  static void rule(ObjectValue rule, FieldPath path, List<FieldError> errors) {
    Checks.required(rule, "operations", "", path, errors);
    onlyWildcard(rule, "operations", "operations", path, errors);
    Rules.eachOneOf("operations", OPERATIONS).check(rule, path, errors);
    Checks.required(rule, "apiGroups", "", path, errors);
    onlyWildcard(rule, "apiGroups", "API groups", path, errors);
    Checks.required(rule, "apiVersions", "", path, errors);
    onlyWildcard(rule, "apiVersions", "API versions", path, errors);
    notEmpty(rule.list("apiVersions").strings(), path.child("apiVersions"), errors);
    resources(rule.list("resources"), path.child("resources"), errors);
    if (isSet(rule, "scope")) {
      Checks.oneOf(rule.string("scope"), path.child("scope"), errors, SCOPES);
    }
  }

  private static void notEmpty(List<String> texts, FieldPath path, List<FieldError> errors) {
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isEmpty()) {
        errors.add(FieldError.required(path.index(i), ""));
      }
    }
  }

  private static void resources(ListValue list, FieldPath path, List<FieldError> errors) {
    List<String> resources = list.strings();
    if (resources.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    Set<String> allOfResource = new HashSet<>();
    Set<String> everywhere = new HashSet<>();
    boolean plain = false;
    for (int i = 0; i < resources.size(); i++) {
      String name = resources.get(i);
      if (name.isEmpty()) {
        errors.add(FieldError.required(path.index(i), ""));
        continue;
      }
      int slash = name.indexOf('/');
      if (slash < 0) {
        // The last one without a subresource decides, as upstream has it.
        plain = !name.equals("*");
        continue;
      }
      String resource = name.substring(0, slash);
      String part = name.substring(slash + 1);
      if (allOfResource.contains(resource)) {
        errors.add(FieldError.invalid(path.index(i), name, "if '" + resource + "/*' is present, must not specify " + name));
      }
      if (everywhere.contains(part)) {
        errors.add(FieldError.invalid(path.index(i), name, "if '*/" + part + "' is present, must not specify " + name));
      }
      if (part.equals("*")) {
        allOfResource.add(resource);
      }
      if (resource.equals("*")) {
        everywhere.add(part);
      }
    }
    if (resources.size() > 1 && resources.contains("*/*")) {
      errors.add(FieldError.invalid(path, list, "if '*/*' is present, must not specify other resources"));
    }
    if (resources.contains("*") && plain) {
      errors.add(
          FieldError.invalid(path, list, "if '*' is present, must not specify other resources without subresources"));
    }
  }

  /// The resources that a policy or binding matches; absent ones break nothing.
  static void matchResources(ObjectValue owner, String field, FieldPath parent, List<FieldError> errors) {
    if (!(owner.get(field) instanceof ObjectValue match)) {
      return;
    }
    FieldPath path = parent.child(field);
    if (isSet(match, "matchPolicy")) {
      Checks.oneOf(match.string("matchPolicy"), path.child("matchPolicy"), errors, "Equivalent", "Exact");
    } else {
      errors.add(FieldError.required(path.child("matchPolicy"), ""));
    }
    for (String selector : List.of("namespaceSelector", "objectSelector")) {
      if (!isSet(match, selector)) {
        errors.add(FieldError.required(path.child(selector), ""));
      }
      Checks.selector(match, selector, false, path, errors);
    }
    for (String rules : List.of("resourceRules", "excludeResourceRules")) {
      List<ObjectValue> all = match.list(rules).objects();
      for (int i = 0; i < all.size(); i++) {
        namedRule(all.get(i), path.child(rules).index(i), errors);
      }
    }
  }

  private static void namedRule(ObjectValue rule, FieldPath path, List<FieldError> errors) {
    Set<String> seen = new HashSet<>();
    List<String> names = rule.list("resourceNames").strings();
    for (int i = 0; i < names.size(); i++) {
      FieldPath at = path.child("resourceNames").index(i);
      Rules.checkFormat(names.get(i), at, errors, Names::pathSegmentName);
      if (!seen.add(names.get(i))) {
        errors.add(FieldError.duplicate(at, names.get(i)));
      }
    }
    rule(rule, path, errors);
  }

  /// @param params whether expressions may use parameters
  static void conditions(ListValue conditions, boolean params, FieldPath path, List<FieldError> errors) {
    if (conditions.size() > CONDITIONS_MAX) {
      errors.add(FieldError.tooMany(path, conditions.size(), CONDITIONS_MAX));
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      ObjectValue condition = conditions.object(i);
      String name = condition.string("name");
      if (condition.string("expression").isBlank()) {
        errors.add(FieldError.required(path.index(i).child("expression"), ""));
      } else {
        PolicyExpressions.condition(condition.string("expression").strip(), params, path.index(i).child("expression"), errors);
      }
      Checks.named(condition, "name", path.index(i), errors, Names::qualifiedName);
      if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(path.index(i).child("name"), name));
      }
    }
  }

  /// Names of this form belong to files.
  static List<String> nameWarnings(ObjectValue object) {
    return object.string("metadata", "name").endsWith(".static.k8s.io")
        ? List.of(
            "metadata.name: names ending with \".static.k8s.io\" are reserved for static manifest-based configurations and "
                + "cannot be managed via the API")
        : List.of();
  }
}
