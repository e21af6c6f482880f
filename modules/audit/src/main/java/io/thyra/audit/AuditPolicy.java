package io.thyra.audit;

import io.thyra.codec.DecodeException;
import io.thyra.codec.YamlReader;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.StringValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rules of `--audit-policy-file`: the first that matches a request says how much is told of it. Immutable.
/// Source: apiserver pkg/audit/policy, pkg/apis/audit/validation.
public final class AuditPolicy {
  private static final String GROUP_VERSION = "audit.k8s.io/v1";
  private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final String NO_SUBDOMAIN =
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an"
          + " alphanumeric character (e.g. 'example.com', regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

  /// Lists that are empty match everything.
  private record Rule(
      AuditVerdict verdict,
      List<String> users,
      List<String> groups,
      List<String> verbs,
      List<GroupResources> resources,
      List<String> namespaces,
      List<String> paths) {}

  private record GroupResources(String group, List<String> resources, List<String> names) {}

  private final List<Rule> rules;
  private final AuditVerdict otherwise;

  private AuditPolicy(List<Rule> rules, AuditVerdict otherwise) {
    this.rules = rules;
    this.otherwise = otherwise;
  }

  /// Reads a policy in YAML or JSON.
  ///
  /// @throws IllegalArgumentException with upstream's words for what is wrong with it
  public static AuditPolicy parse(byte[] file) {
    Value root;
    try {
      root = YamlReader.read(file).root();
    } catch (DecodeException e) {
      throw new IllegalArgumentException("failed decoding: " + e.text());
    }
    if (!(root instanceof ObjectValue policy)) {
      throw new IllegalArgumentException("failed decoding: couldn't get version/kind; the policy is no object");
    }
    String kind = policy.string("kind");
    if (kind.isEmpty()) {
      throw new IllegalArgumentException("failed decoding: Object 'Kind' is missing in the policy");
    }
    if (!policy.string("apiVersion").equals(GROUP_VERSION) || !kind.equals("Policy")) {
      throw new IllegalArgumentException(
          "failed decoding: no kind \"" + kind + "\" is registered for version \"" + policy.string("apiVersion") + "\"");
    }
    List<FieldError> errors = validate(policy);
    if (!errors.isEmpty()) {
      String all = errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
      throw new IllegalArgumentException(errors.size() == 1 ? all : "[" + all + "]");
    }
    if (policy.list("rules").isEmpty()) {
      throw new IllegalArgumentException("loaded illegal policy with 0 rules");
    }
    return of(policy);
  }

  private static AuditPolicy of(ObjectValue policy) {
    Set<AuditEvent.Stage> omitted = stages(policy.list("omitStages"));
    boolean omitManagedFields = policy.bool("omitManagedFields");
    var rules = new ArrayList<Rule>();
    for (ObjectValue rule : policy.list("rules").objects()) {
      Set<AuditEvent.Stage> all = stages(rule.list("omitStages"));
      all.addAll(omitted);
      boolean omits = rule.has("omitManagedFields") ? rule.bool("omitManagedFields") : omitManagedFields;
      rules.add(
          new Rule(
              new AuditVerdict(AuditLevel.find(rule.string("level")).orElseThrow(), all, omits),
              rule.list("users").strings(),
              rule.list("userGroups").strings(),
              rule.list("verbs").strings(),
              rule.list("resources").objects().stream().map(AuditPolicy::groupResources).toList(),
              rule.list("namespaces").strings(),
              rule.list("nonResourceURLs").strings()));
    }
    return new AuditPolicy(List.copyOf(rules), new AuditVerdict(AuditLevel.NONE, omitted, omitManagedFields));
  }

  private static GroupResources groupResources(ObjectValue value) {
    return new GroupResources(value.string("group"), value.list("resources").strings(), value.list("resourceNames").strings());
  }

  private static Set<AuditEvent.Stage> stages(ListValue words) {
    Set<AuditEvent.Stage> stages = EnumSet.noneOf(AuditEvent.Stage.class);
    words.strings().forEach(word -> AuditEvent.Stage.find(word).ifPresent(stages::add));
    return stages;
  }

  private static List<FieldError> validate(ObjectValue policy) {
    var errors = new ArrayList<FieldError>();
    validateStages(policy.list("omitStages"), FieldPath.of("omitStages"), errors);
    List<ObjectValue> rules = policy.list("rules").objects();
    for (int i = 0; i < rules.size(); i++) {
      validate(rules.get(i), FieldPath.of("rules").index(i), errors);
    }
    return errors;
  }

  private static void validate(ObjectValue rule, FieldPath path, List<FieldError> errors) {
    String level = rule.string("level");
    if (level.isEmpty()) {
      errors.add(FieldError.required(path.child("level"), ""));
    } else if (AuditLevel.find(level).isEmpty()) {
      errors.add(FieldError.notSupported(path.child("level"), level, Arrays.stream(AuditLevel.values()).map(AuditLevel::word).toList()));
    }
    List<String> urls = rule.list("nonResourceURLs").strings();
    FieldPath urlsPath = path.child("nonResourceURLs");
    for (int i = 0; i < urls.size(); i++) {
      String url = urls.get(i);
      if (url.equals("*")) {
        continue;
      }
      if (!url.startsWith("/")) {
        errors.add(FieldError.invalid(urlsPath.index(i), url, "non-resource URL rules must begin with a '/' character"));
      }
      int star = url.indexOf('*');
      if (star >= 0 && star < url.length() - 1) {
        errors.add(
            FieldError.invalid(urlsPath.index(i), url, "non-resource URL wildcards '*' must be the final character of the rule"));
      }
    }
    for (ObjectValue each : rule.list("resources").objects()) {
      String group = each.string("group");
      if (!group.isEmpty() && !group.equals("*") && (group.length() > 253 || !SUBDOMAIN.matcher(group).matches())) {
        errors.add(FieldError.invalid(path.child("resources", "group"), group, NO_SUBDOMAIN));
      }
      if (!each.list("resourceNames").isEmpty() && each.list("resources").isEmpty()) {
        errors.add(
            FieldError.invalid(
                path.child("resources", "resourceNames"), each.list("resourceNames"), "using resourceNames requires at least one resource"));
      }
    }
    validateStages(rule.list("omitStages"), path.child("omitStages"), errors);
    if (!urls.isEmpty() && (!rule.list("resources").isEmpty() || !rule.list("namespaces").isEmpty())) {
      errors.add(
          FieldError.invalid(urlsPath, rule.list("nonResourceURLs"), "rules cannot apply to both regular resources and non-resource URLs"));
    }
  }

  private static void validateStages(ListValue stages, FieldPath path, List<FieldError> errors) {
    for (int i = 0; i < stages.size(); i++) {
      String word = stages.get(i) instanceof StringValue(String text) ? text : "";
      if (AuditEvent.Stage.find(word).isEmpty()) {
        String all = Arrays.stream(AuditEvent.Stage.values()).map(AuditEvent.Stage::word).collect(Collectors.joining(","));
        errors.add(FieldError.invalid(path.index(i), word, "allowed stages are " + all));
      }
    }
  }

  /// @param user null where nobody could be authenticated
  public AuditVerdict decide(@Nullable UserInfo user, RequestInfo info) {
    for (Rule rule : rules) {
      if (matches(rule, user, info)) {
        return rule.verdict;
      }
    }
    return otherwise;
  }

  private static boolean matches(Rule rule, @Nullable UserInfo user, RequestInfo info) {
    if (!rule.users.isEmpty() && (user == null || !rule.users.contains(user.name()))) {
      return false;
    }
    if (!rule.groups.isEmpty() && (user == null || user.groups().stream().noneMatch(rule.groups::contains))) {
      return false;
    }
    if (!rule.verbs.isEmpty() && !rule.verbs.contains(info.verb())) {
      return false;
    }
    if (!rule.namespaces.isEmpty() || !rule.resources.isEmpty()) {
      return matchesResource(rule, info);
    }
    return rule.paths.isEmpty() || !info.resourceRequest() && rule.paths.stream().anyMatch(path -> matchesPath(path, info.path()));
  }

  private static boolean matchesPath(String rule, String path) {
    if (rule.equals("*") || rule.equals(path)) {
      return true;
    }
    return rule.endsWith("*") && path.startsWith(rule.substring(0, rule.length() - 1));
  }

  private static boolean matchesResource(Rule rule, RequestInfo info) {
    if (!info.resourceRequest() || !rule.namespaces.isEmpty() && !rule.namespaces.contains(info.namespace())) {
      return false;
    }
    if (rule.resources.isEmpty()) {
      return true;
    }
    for (GroupResources each : rule.resources) {
      if ((each.group.equals(info.group()) || each.group.equals("*")) && matchesResource(each, info)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesResource(GroupResources rule, RequestInfo info) {
    if (rule.resources.isEmpty()) {
      return true;
    }
    if (!rule.names.isEmpty() && !rule.names.contains(info.name())) {
      return false;
    }
    String sub = info.subresource();
    String whole = sub.isEmpty() ? info.resource() : info.resource() + "/" + sub;
    for (String resource : rule.resources) {
      if (resource.equals(whole)
          || resource.equals("*")
          || !sub.isEmpty() && resource.equals("*/" + sub)
          || resource.equals(info.resource() + "/*")) {
        return true;
      }
    }
    return false;
  }
}
