package io.thyra.groups.rbac;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Names.NameRule;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Roles, bindings, and the rules and subjects in them. Source: pkg/apis/rbac/validation/validation.go.
final class RbacRules {
  private static final NameRule NAME = (name, _) -> Names.pathSegmentName(name);
  private static final FieldPath REFERENCE = FieldPath.of("roleRef");

  private RbacRules() {}

  static void declareRole(Group.Declaration r, GrantCheck grants) {
    boolean namespaced = r.namespaced();
    Rule rules = Rules.each("rules", (rule, path, errors) -> rule(rule, namespaced, path, errors));
    KindStrategy.Builder builder = strategy(r, rules);
    if (!namespaced) {
      builder
          .rules(
              (role, _, errors) -> aggregation(role, false, errors),
              (role, old, _, errors) -> aggregation(role, hasInvalidValues(old), errors));
    }
    builder.onCreate((context, role) -> grants.role(context, role, null)).onUpdate(grants::role);
  }

  static void declareBinding(Group.Declaration r, GrantCheck grants) {
    boolean namespaced = r.namespaced();
    Struct reference = GoStruct.at(r.struct(), "roleRef");
    strategy(r, (binding, _, errors) -> binding(binding, namespaced, errors))
        .updateRules(
            (binding, old, _, errors) -> {
              if (!Objects.equals(binding.get("roleRef"), old.get("roleRef"))) {
                String printed = GoText.of(GoStruct.of(reference, binding.get("roleRef")));
                errors.add(FieldError.invalidPrinted(REFERENCE, printed, "cannot change roleRef"));
              }
            })
        .onCreate((context, binding) -> grants.binding(context, binding, null))
        .onUpdate(grants::binding);
  }

  private static KindStrategy.Builder strategy(Group.Declaration r, Rule rules) {
    return r.rules().named(NAME).checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE).createsOnUpdate().rules(rules);
  }

  private static void rule(ObjectValue rule, boolean namespaced, @Nullable FieldPath path, List<FieldError> errors) {
    Checks.required(rule, "verbs", "verbs must contain at least one value", path, errors);
    if (rule.list("nonResourceURLs").isEmpty()) {
      Checks.required(rule, "apiGroups", "resource rules must supply at least one api group", path, errors);
      Checks.required(rule, "resources", "resource rules must supply at least one resource", path, errors);
      return;
    }
    FieldPath urls = FieldPath.child(path, "nonResourceURLs");
    if (namespaced) {
      errors.add(FieldError.invalid(urls, rule.list("nonResourceURLs"), "namespaced rules cannot apply to non-resource URLs"));
    }
    if (List.of("apiGroups", "resources", "resourceNames").stream().anyMatch(field -> !rule.list(field).isEmpty())) {
      errors.add(
          FieldError.invalid(
              urls, rule.list("nonResourceURLs"), "rules cannot apply to both regular resources and non-resource URLs"));
    }
  }

  private static void aggregation(ObjectValue role, boolean lenient, List<FieldError> errors) {
    if (!(role.get("aggregationRule") instanceof ObjectValue rule)) {
      return;
    }
    FieldPath path = FieldPath.of("aggregationRule", "clusterRoleSelectors");
    List<ObjectValue> selectors = rule.list("clusterRoleSelectors").objects();
    if (selectors.isEmpty()) {
      errors.add(FieldError.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
    }
    for (int i = 0; i < selectors.size(); i++) {
      errors.addAll(io.thyra.machinery.SelectorValidation.labelSelector(selectors.get(i), lenient, path.index(i)));
      if (Checks.findSelector(selectors.get(i)).isEmpty()) {
        errors.add(FieldError.invalidPrinted(path.index(i), "null", "invalid label selector."));
      }
    }
  }

  private static boolean hasInvalidValues(ObjectValue role) {
    return role.list("aggregationRule", "clusterRoleSelectors").objects().stream().anyMatch(Checks::hasInvalidValues);
  }

  private static void binding(ObjectValue binding, boolean namespaced, List<FieldError> errors) {
    ObjectValue reference = binding.object("roleRef");
    Checks.oneOf(reference.string("apiGroup"), REFERENCE.child("apiGroup"), errors, GrantCheck.GROUP);
    String[] kinds = namespaced ? new String[] {"Role", "ClusterRole"} : new String[] {"ClusterRole"};
    Checks.oneOf(reference.string("kind"), REFERENCE.child("kind"), errors, kinds);
    Checks.named(reference, "name", REFERENCE, errors, Names::pathSegmentName);
    Rules.each("subjects", (subject, path, all) -> subject(subject, namespaced, path, all)).check(binding, null, errors);
  }

  private static void subject(ObjectValue subject, boolean namespaced, @Nullable FieldPath path, List<FieldError> errors) {
    String name = subject.string("name");
    FieldPath group = FieldPath.child(path, "apiGroup");
    Checks.required(subject, "name", "", path, errors);
    switch (subject.string("kind")) {
      case "ServiceAccount" -> {
        if (!name.isEmpty()) {
          Rules.checkFormat(name, FieldPath.child(path, "name"), errors, Names::dns1123Subdomain);
        }
        Checks.oneOf(subject.string("apiGroup"), group, errors, "");
        if (!namespaced) {
          Checks.required(subject, "namespace", "", path, errors);
        }
      }
      case "User", "Group" -> Checks.oneOf(subject.string("apiGroup"), group, errors, GrantCheck.GROUP);
      case String kind ->
          errors.add(FieldError.notSupported(FieldPath.child(path, "kind"), kind, List.of("ServiceAccount", "User", "Group")));
    }
  }
}
