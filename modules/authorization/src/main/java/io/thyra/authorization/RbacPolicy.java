package io.thyra.authorization;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;

/// The roles and bindings that are in force, kept by whoever follows the four resources and read by every request.
/// Bindings are indexed by their subjects, so that a decision's cost follows the bindings of the caller, not all of them.
/// Safe for use by many threads; a reader sees each object as some write left it.
public final class RbacPolicy {
  private static final String ACCOUNT_PREFIX = "system:serviceaccount:";

  /// Where a rule comes from, in the words of an authorization reason.
  private record Binding(String description, String roleKind, String roleName, String namespace, List<String> subjects) {}

  private final Map<String, List<PolicyRule>> clusterRoles = new ConcurrentHashMap<>();
  private final Map<String, List<PolicyRule>> roles = new ConcurrentHashMap<>();
  // By namespace (empty for ClusterRoleBindings) and subject, then by name.
  private final Map<String, NavigableMap<String, Binding>> bindings = new ConcurrentHashMap<>();
  private final Map<String, Binding> byName = new ConcurrentHashMap<>();

  public void putClusterRole(ObjectValue role) {
    clusterRoles.put(role.string("metadata", "name"), PolicyRule.ofRole(role));
  }

  public void removeClusterRole(String name) {
    clusterRoles.remove(name);
  }

  public void putRole(ObjectValue role) {
    roles.put(role.string("metadata", "namespace") + "/" + role.string("metadata", "name"), PolicyRule.ofRole(role));
  }

  public void removeRole(String namespace, String name) {
    roles.remove(namespace + "/" + name);
  }

  /// Enters a RoleBinding or, without a namespace, a ClusterRoleBinding.
  public synchronized void putBinding(ObjectValue object) {
    String namespace = object.string("metadata", "namespace");
    String name = object.string("metadata", "name");
    removeBinding(namespace, name);
    var keys = new ArrayList<String>();
    for (ObjectValue subject : object.list("subjects").objects()) {
      String key = subjectKey(subject, namespace);
      keys.add(key);
      Binding binding = new Binding(describe(object, subject, namespace), object.string("roleRef", "kind"), object.string("roleRef", "name"), namespace, List.of());
      bindings.computeIfAbsent(namespace + " " + key, _ -> new ConcurrentSkipListMap<>()).putIfAbsent(name, binding);
    }
    byName.put(namespace + "/" + name, new Binding("", "", "", namespace, List.copyOf(keys)));
  }

  public synchronized void removeBinding(String namespace, String name) {
    Binding known = byName.remove(namespace + "/" + name);
    if (known == null) {
      return;
    }
    for (String key : known.subjects()) {
      bindings.computeIfPresent(
          namespace + " " + key,
          (_, named) -> {
            named.remove(name);
            return named.isEmpty() ? null : named;
          });
    }
  }

  private static String subjectKey(ObjectValue subject, String bindingNamespace) {
    String name = subject.string("name");
    return switch (subject.string("kind")) {
      case "Group" -> "group " + name;
      case "ServiceAccount" -> {
        String namespace = subject.string("namespace");
        yield "user " + ACCOUNT_PREFIX + (namespace.isEmpty() ? bindingNamespace : namespace) + ":" + name;
      }
      default -> "user " + name;
    };
  }

  private static String describe(ObjectValue object, ObjectValue subject, String namespace) {
    String name = object.string("metadata", "name");
    String binding = namespace.isEmpty() ? "ClusterRoleBinding \"" + name : "RoleBinding \"" + name + "/" + namespace;
    String who = subject.string("name");
    if (subject.string("kind").equals("ServiceAccount")) {
      String of = subject.string("namespace");
      who += "/" + (of.isEmpty() ? namespace : of);
    }
    return "%s\" of %s \"%s\" to %s \"%s\""
        .formatted(binding, object.string("roleRef", "kind"), object.string("roleRef", "name"), subject.string("kind"), who);
  }

  /// Shows each rule that applies to a user in a namespace (empty for cluster-wide) with its source, until `visitor` says no.
  ///
  /// @param errors collects what could not be resolved: roles that are named and missing
  void visit(UserInfo user, String namespace, BiPredicate<String, PolicyRule> visitor, List<String> errors) {
    if (visitScope(user, "", visitor, errors) && !namespace.isEmpty()) {
      visitScope(user, namespace, visitor, errors);
    }
  }

  private boolean visitScope(UserInfo user, String namespace, BiPredicate<String, PolicyRule> visitor, List<String> errors) {
    if (!visitSubject(namespace + " user " + user.name(), visitor, errors)) {
      return false;
    }
    for (String group : user.groups()) {
      if (!visitSubject(namespace + " group " + group, visitor, errors)) {
        return false;
      }
    }
    return true;
  }

  private boolean visitSubject(String key, BiPredicate<String, PolicyRule> visitor, List<String> errors) {
    NavigableMap<String, Binding> found = bindings.get(key);
    if (found == null) {
      return true;
    }
    for (Binding binding : found.values()) {
      Optional<List<PolicyRule>> rules = findRules(binding);
      if (rules.isEmpty()) {
        String resource = binding.roleKind().equals("Role") ? "role" : "clusterrole";
        errors.add(resource + ".rbac.authorization.k8s.io \"" + binding.roleName() + "\" not found");
        continue;
      }
      for (PolicyRule rule : rules.get()) {
        if (!visitor.test(binding.description(), rule)) {
          return false;
        }
      }
    }
    return true;
  }

  private Optional<List<PolicyRule>> findRules(Binding binding) {
    return binding.roleKind().equals("Role")
        ? findRole(binding.namespace(), binding.roleName())
        : findClusterRole(binding.roleName());
  }

  public Optional<List<PolicyRule>> findClusterRole(String name) {
    return Optional.ofNullable(clusterRoles.get(name));
  }

  public Optional<List<PolicyRule>> findRole(String namespace, String name) {
    return Optional.ofNullable(roles.get(namespace + "/" + name));
  }

  /// The rules that apply to a user in a namespace.
  public List<PolicyRule> rulesFor(UserInfo user, String namespace) {
    var rules = new ArrayList<PolicyRule>();
    visit(user, namespace, (_, rule) -> rules.add(rule), new ArrayList<>());
    return rules;
  }

  /// Why a user may not give away some rules: empty when they hold all of them in that namespace, else upstream's text.
  public Optional<String> findEscalation(UserInfo user, String namespace, List<PolicyRule> wanted) {
    var held = new ArrayList<PolicyRule>();
    var errors = new ArrayList<String>();
    visit(user, namespace, (_, rule) -> held.add(rule), errors);
    List<PolicyRule> missing = RuleCover.missing(held, wanted);
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String groups = user.groups().stream().map(GoText::quote).reduce((a, b) -> a + " " + b).orElse("");
    String lines = String.join("\n", missing.stream().map(PolicyRule::compact).distinct().sorted().toList());
    String text =
        "user " + GoText.quote(user.name()) + " (groups=[" + groups + "]) is attempting to grant RBAC permissions not currently held:\n" + lines;
    return Optional.of(errors.isEmpty() ? text : text + "; resolution errors: [" + aggregate(errors) + "]");
  }

  /// Several errors as upstream's aggregate prints them.
  static String aggregate(List<String> errors) {
    List<String> distinct = errors.stream().distinct().toList();
    return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
  }
}
