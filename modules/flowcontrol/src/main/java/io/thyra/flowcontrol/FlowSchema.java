package io.thyra.flowcontrol;

import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.List;
import java.util.Optional;

/// One FlowSchema, ready to be matched. Source: apiserver pkg/util/flowcontrol/rule.go.
record FlowSchema(String name, long precedence, List<Rule> rules, Optional<FlowControl.Classified> classified) {
  private static final long PRECEDENCE_DEFAULT = 1000;
  private static final String SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";

  record Rule(List<Subject> subjects, List<ResourceRule> resources, List<PathRule> paths) {}

  /// @param namespace of a service account, else empty
  record Subject(String kind, String namespace, String name) {}

  record ResourceRule(List<String> verbs, List<String> groups, List<String> resources, boolean clusterScope, List<String> namespaces) {}

  record PathRule(List<String> verbs, List<String> paths) {}

  static FlowSchema of(ObjectValue schema, ObjectValue level, Traffic traffic) {
    String name = schema.string("metadata", "name");
    String levelName = level.string("metadata", "name");
    var classified =
        new FlowControl.Classified(
            schema.string("metadata", "uid"),
            level.string("metadata", "uid"),
            name,
            levelName,
            level.string("spec", "type").equals("Exempt"),
            traffic);
    return new FlowSchema(
        name,
        schema.integer(PRECEDENCE_DEFAULT, "spec", "matchingPrecedence"),
        schema.list("spec", "rules").objects().stream().map(FlowSchema::rule).toList(),
        Optional.of(classified));
  }

  boolean matches(UserInfo user, RequestInfo info) {
    for (Rule rule : rules) {
      if (matchesSubject(rule, user) && (info.resourceRequest() ? matchesResource(rule, info) : matchesPath(rule, info))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesSubject(Rule rule, UserInfo user) {
    for (Subject subject : rule.subjects) {
      boolean matches =
          switch (subject.kind) {
            case "User" -> subject.name.equals("*") || subject.name.equals(user.name());
            case "Group" -> subject.name.equals("*") || user.isIn(subject.name);
            case "ServiceAccount" -> matchesServiceAccount(subject, user.name());
            default -> false;
          };
      if (matches) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesServiceAccount(Subject subject, String user) {
    if (!user.startsWith(SERVICE_ACCOUNT_PREFIX)) {
      return false;
    }
    int start = SERVICE_ACCOUNT_PREFIX.length();
    int colon = start + subject.namespace.length();
    return user.startsWith(subject.namespace, start)
        && colon < user.length()
        && user.charAt(colon) == ':'
        && (subject.name.equals("*") || user.length() - colon - 1 == subject.name.length() && user.endsWith(subject.name));
  }

  private static boolean matchesResource(Rule rule, RequestInfo info) {
    for (ResourceRule candidate : rule.resources) {
      if (has(candidate.verbs, info.verb())
          && hasResource(candidate.resources, info)
          && has(candidate.groups, info.group())
          && (info.namespace().isEmpty() ? candidate.clusterScope : has(candidate.namespaces, info.namespace()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasResource(List<String> resources, RequestInfo info) {
    if (resources.size() == 1 && resources.getFirst().equals("*")) {
      return true;
    }
    for (String resource : resources) {
      if (info.subresource().isEmpty() ? resource.equals(info.resource()) : isSubresource(resource, info)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSubresource(String resource, RequestInfo info) {
    int slash = info.resource().length();
    return resource.length() == slash + 1 + info.subresource().length()
        && resource.startsWith(info.resource())
        && resource.charAt(slash) == '/'
        && resource.endsWith(info.subresource());
  }

  private static boolean matchesPath(Rule rule, RequestInfo info) {
    for (PathRule candidate : rule.paths) {
      if (!has(candidate.verbs, info.verb())) {
        continue;
      }
      for (String path : candidate.paths) {
        if (path.equals("*") || path.equals(info.path()) || isBelow(path, info.path())) {
          return true;
        }
      }
    }
    return false;
  }

  // A rule for /a also holds for /a/b, with or without a trailing star.
  private static boolean isBelow(String rule, String path) {
    int end = rule.endsWith("*") ? rule.length() - 1 : rule.length();
    if (!path.regionMatches(0, rule, 0, end)) {
      return false;
    }
    return end > 0 && rule.charAt(end - 1) == '/' || path.length() > end && path.charAt(end) == '/';
  }

  // The wildcard counts only where it stands alone.
  private static boolean has(List<String> list, String word) {
    return list.size() == 1 && list.getFirst().equals("*") || list.contains(word);
  }

  private static Rule rule(ObjectValue rule) {
    return new Rule(
        rule.list("subjects").objects().stream().map(FlowSchema::subject).toList(),
        rule.list("resourceRules").objects().stream()
            .map(
                r ->
                    new ResourceRule(
                        r.list("verbs").strings(),
                        r.list("apiGroups").strings(),
                        r.list("resources").strings(),
                        r.bool("clusterScope"),
                        r.list("namespaces").strings()))
            .toList(),
        rule.list("nonResourceRules").objects().stream()
            .map(r -> new PathRule(r.list("verbs").strings(), r.list("nonResourceURLs").strings()))
            .toList());
  }

  private static Subject subject(ObjectValue subject) {
    String kind = subject.string("kind");
    return switch (kind) {
      case "User" -> new Subject(kind, "", subject.string("user", "name"));
      case "Group" -> new Subject(kind, "", subject.string("group", "name"));
      default -> new Subject(kind, subject.string("serviceAccount", "namespace"), subject.string("serviceAccount", "name"));
    };
  }
}
