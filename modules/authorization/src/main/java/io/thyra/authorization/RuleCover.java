package io.thyra.authorization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Whether some rules grant all that others grant: nobody may give away what they do not hold.
/// Source: component-helpers auth/rbac/validation/policy_comparator.go.
public final class RuleCover {
  private static final String ALL = "*";

  private RuleCover() {}

  /// The rights of `wanted` that `held` does not cover, rules that differ only in their verbs made one; empty when all are covered.
  public static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
    var missing = new ArrayList<PolicyRule>();
    for (PolicyRule rule : wanted) {
      for (PolicyRule part : breakDown(rule)) {
        if (held.stream().noneMatch(owned -> covers(owned, part))) {
          missing.add(part);
        }
      }
    }
    return compact(missing);
  }

  /// A rule as rules of one verb and one group, resource and name, or one path.
  private static List<PolicyRule> breakDown(PolicyRule rule) {
    var parts = new ArrayList<PolicyRule>();
    for (String group : rule.groups()) {
      for (String resource : rule.resources()) {
        for (String verb : rule.verbs()) {
          if (rule.resourceNames().isEmpty()) {
            parts.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), List.of(), List.of()));
          }
          for (String name : rule.resourceNames()) {
            parts.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), List.of(name), List.of()));
          }
        }
      }
    }
    for (String url : rule.nonResourceUrls()) {
      for (String verb : rule.verbs()) {
        parts.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
      }
    }
    return parts;
  }

  private static boolean covers(PolicyRule owner, PolicyRule part) {
    return hasAll(owner.verbs(), part.verbs())
        && hasAll(owner.groups(), part.groups())
        && part.resources().stream().allMatch(resource -> resourceCovered(owner.resources(), resource))
        && part.nonResourceUrls().stream().allMatch(url -> urlCovered(owner.nonResourceUrls(), url))
        && (part.resourceNames().isEmpty()
            ? owner.resourceNames().isEmpty()
            : owner.resourceNames().isEmpty() || owner.resourceNames().containsAll(part.resourceNames()));
  }

  private static boolean hasAll(List<String> set, List<String> elements) {
    return set.contains(ALL) || set.containsAll(elements);
  }

  private static boolean resourceCovered(List<String> owned, String resource) {
    if (owned.contains(ALL) || owned.contains(resource)) {
      return true;
    }
    int slash = resource.indexOf('/');
    return slash >= 0 && owned.contains("*" + resource.substring(slash));
  }

  private static boolean urlCovered(List<String> owned, String url) {
    return owned.stream().anyMatch(rule -> PolicyRule.matchesPath(rule, url));
  }

  /// Rules of resources that differ in nothing but their verbs as one; those of paths stay apart.
  private static List<PolicyRule> compact(List<PolicyRule> rules) {
    var compacted = new ArrayList<PolicyRule>();
    var verbs = new LinkedHashMap<PolicyRule, List<String>>();
    for (PolicyRule rule : rules) {
      if (!rule.nonResourceUrls().isEmpty()) {
        compacted.add(rule);
        continue;
      }
      PolicyRule bare = new PolicyRule(List.of(), rule.groups(), rule.resources(), rule.resourceNames(), List.of());
      verbs.computeIfAbsent(bare, _ -> new ArrayList<>()).addAll(rule.verbs());
    }
    verbs.forEach(
        (bare, all) -> compacted.add(new PolicyRule(all, bare.groups(), bare.resources(), bare.resourceNames(), List.of())));
    return compacted;
  }
}
