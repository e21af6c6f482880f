package io.thyra.authorization;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One rule of a role: verbs on resources of groups, or on paths. Source: kubernetes pkg/apis/rbac/v1/evaluation_helpers.go.
public record PolicyRule(
    List<String> verbs, List<String> groups, List<String> resources, List<String> resourceNames, List<String> nonResourceUrls) {
  private static final String ALL = "*";

  public PolicyRule {
    verbs = List.copyOf(verbs);
    groups = List.copyOf(groups);
    resources = List.copyOf(resources);
    resourceNames = List.copyOf(resourceNames);
    nonResourceUrls = List.copyOf(nonResourceUrls);
  }

  /// The rules of a role object.
  public static List<PolicyRule> ofRole(ObjectValue role) {
    return ofList(role.list("rules"));
  }

  public static List<PolicyRule> ofList(ListValue rules) {
    return rules.objects().stream().map(PolicyRule::of).toList();
  }

  private static PolicyRule of(ObjectValue rule) {
    return new PolicyRule(
        rule.list("verbs").strings(),
        rule.list("apiGroups").strings(),
        rule.list("resources").strings(),
        rule.list("resourceNames").strings(),
        rule.list("nonResourceURLs").strings());
  }

  /// The rule as an object in upstream's field order.
  public ObjectValue toValue() {
    var out = ObjectValue.builder().put("verbs", ListValue.ofStrings(verbs));
    put(out, "apiGroups", groups);
    put(out, "resources", resources);
    put(out, "resourceNames", resourceNames);
    put(out, "nonResourceURLs", nonResourceUrls);
    return out.build();
  }

  private static void put(ObjectValue.Builder out, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      out.put(name, ListValue.ofStrings(texts));
    }
  }

  boolean allows(AuthorizationAttributes asked) {
    if (!has(verbs, asked.verb())) {
      return false;
    }
    if (!asked.resourceRequest()) {
      return nonResourceUrls.stream().anyMatch(url -> matchesPath(url, asked.path()));
    }
    return has(groups, asked.group())
        && matchesResource(asked.resource(), asked.subresource())
        && (resourceNames.isEmpty() || resourceNames.contains(asked.name()));
  }

  private boolean matchesResource(String resource, String subresource) {
    for (String rule : resources) {
      if (rule.equals(ALL)) {
        return true;
      }
      if (subresource.isEmpty()) {
        if (rule.equals(resource)) {
          return true;
        }
      } else if (rule.equals("*/" + subresource) || rule.equals(resource + "/" + subresource)) {
        return true;
      }
    }
    return false;
  }

  static boolean matchesPath(String rule, String path) {
    return rule.equals(ALL)
        || rule.equals(path)
        || rule.endsWith(ALL) && path.startsWith(stripStars(rule));
  }

  private static String stripStars(String rule) {
    int end = rule.length();
    while (end > 0 && rule.charAt(end - 1) == '*') {
      end--;
    }
    return rule.substring(0, end);
  }

  private static boolean has(List<String> set, String element) {
    return set.contains(ALL) || set.contains(element);
  }

  /// The form of upstream's escalation texts: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`.
  String compact() {
    var parts = new ArrayList<String>();
    addPart(parts, "APIGroups", groups);
    addPart(parts, "Resources", resources);
    addPart(parts, "NonResourceURLs", nonResourceUrls);
    addPart(parts, "ResourceNames", resourceNames);
    addPart(parts, "Verbs", verbs);
    return "{" + String.join(", ", parts) + "}";
  }

  private static void addPart(List<String> parts, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      parts.add(name + ":" + texts.stream().map(t -> '"' + t + '"').collect(Collectors.joining(" ", "[", "]")));
    }
  }
}
