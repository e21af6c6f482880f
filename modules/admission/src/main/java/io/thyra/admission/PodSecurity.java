package io.thyra.admission;

import io.thyra.admission.PodChecks.Verdict;
import io.thyra.admission.SecurityLevel.Level;
import io.thyra.admission.SecurityLevel.Policy;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Holds pods to the level of security that their namespace asks for with labels, and warns about templates of pods and of
/// pods that are there already. Source: pod-security-admission admission/admission.go.
final class PodSecurity implements Plugin {
  private static final Set<String> FREE_PARTS =
      Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");
  // Where the kinds that make pods keep the template of them.
  private static final Map<GroupResource, String[]> TEMPLATES =
      Map.of(
          new GroupResource("", "podtemplates"), new String[] {"template"},
          new GroupResource("", "replicationcontrollers"), new String[] {"spec", "template"},
          new GroupResource("apps", "replicasets"), new String[] {"spec", "template"},
          new GroupResource("apps", "deployments"), new String[] {"spec", "template"},
          new GroupResource("apps", "statefulsets"), new String[] {"spec", "template"},
          new GroupResource("apps", "daemonsets"), new String[] {"spec", "template"},
          new GroupResource("batch", "jobs"), new String[] {"spec", "template"},
          new GroupResource("batch", "cronjobs"), new String[] {"spec", "jobTemplate", "spec", "template"});
  private static final int CHECKED_PODS_MAX = 3000;
  private static final Duration CHECK_TIME_MAX = Duration.ofSeconds(1);

  private final Registry registry;
  private final PluginConfiguration.Security configured;

  PodSecurity(Registry registry, PluginConfiguration.Security configured) {
    this.registry = registry;
    this.configured = configured;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    if (!Resources.writes(attributes)) {
      return false;
    }
    if (Resources.is(attributes, Resources.PODS)) {
      return !FREE_PARTS.contains(attributes.subresource());
    }
    return attributes.subresource().isEmpty()
        && (Resources.is(attributes, Resources.NAMESPACES) || TEMPLATES.containsKey(attributes.resource().groupResource()));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    if (Resources.is(attributes, Resources.NAMESPACES)) {
      validateNamespace(attributes);
    } else if (Resources.is(attributes, Resources.PODS)) {
      validatePod(attributes);
    } else {
      validateTemplate(attributes);
    }
  }

  private Optional<Policy> policy(AdmissionAttributes attributes) {
    String name = attributes.namespace();
    return registry
        .peek(Resources.NAMESPACES, "", name)
        .or(() -> registry.find(Resources.NAMESPACES, "", name))
        .map(n -> Policy.of(labels(n), configured.defaults()));
  }

  private static Map<String, String> labels(ObjectValue object) {
    return object.object("metadata", "labels").strings();
  }

  // Pods and templates.

  private boolean isExempt(AdmissionAttributes attributes) {
    if (configured.namespaces().contains(attributes.namespace())) {
      audit(attributes, "exempt", "namespace");
      return true;
    }
    if (configured.users().contains(attributes.context().user().name())) {
      audit(attributes, "exempt", "user");
      return true;
    }
    return false;
  }

  private boolean isExempt(AdmissionAttributes attributes, ObjectValue podSpec) {
    boolean exempt = configured.exempts(podSpec);
    if (exempt) {
      audit(attributes, "exempt", "runtimeClass");
    }
    return exempt;
  }

  private static void audit(AdmissionAttributes attributes, String key, String value) {
    attributes.context().audit("pod-security.kubernetes.io/" + key, value);
  }

  private void validatePod(AdmissionAttributes attributes) {
    String name = attributes.namespace();
    if (isExempt(attributes)) {
      return;
    }
    Optional<Policy> found = policy(attributes);
    if (found.isEmpty()) {
      String why = "failed to lookup namespace " + GoText.quote(name);
      String missing = "namespaces " + GoText.quote(name) + " not found";
      audit(attributes, "error", "Internal error occurred: " + why + ": " + missing);
      throw new Failure.Internal(why).toException();
    }
    Policy policy = found.get();
    if (policy.isPrivileged()) {
      audit(attributes, "enforce-policy", "privileged:latest");
      return;
    }
    ObjectValue pod = Resources.object(attributes);
    if (Resources.updates(attributes) && !isSignificant(pod.object("spec"), Resources.oldObject(attributes).object("spec"))) {
      return;
    }
    if (isExempt(attributes, pod.object("spec"))) {
      return;
    }
    ObjectValue metadata = pod.object("metadata");
    Verdict verdict = PodChecks.check(policy.enforce(), metadata, pod.object("spec"));
    audit(attributes, "enforce-policy", policy.enforce().toString());
    auditViolations(attributes, policy, metadata, pod.object("spec"));
    if (!verdict.allowed()) {
      throw new Failure.Forbidden(
              attributes.resource().groupResource(),
              attributes.name(),
              "violates PodSecurity " + GoText.quote(policy.enforce().toString()) + ": " + verdict.details())
          .toException();
    }
    warn(attributes, policy, metadata, pod.object("spec"));
  }

  private void validateTemplate(AdmissionAttributes attributes) {
    Optional<Policy> policy = policy(attributes);
    String[] path = TEMPLATES.get(attributes.resource().groupResource());
    if (isExempt(attributes)) {
      return;
    }
    if (policy.isEmpty()) {
      String name = GoText.quote(attributes.namespace());
      audit(attributes, "error", "failed to lookup namespace " + name + ": namespaces " + name + " not found");
      return;
    }
    boolean free = policy.get().errors().isEmpty() && policy.get().tells() == Level.PRIVILEGED;
    if (free || path == null || !(Resources.object(attributes).at(path) instanceof ObjectValue template)) {
      return;
    }
    if (isExempt(attributes, template.object("spec"))) {
      return;
    }
    auditViolations(attributes, policy.get(), template.object("metadata"), template.object("spec"));
    warn(attributes, policy.get(), template.object("metadata"), template.object("spec"));
  }

  private static void auditViolations(AdmissionAttributes attributes, Policy policy, ObjectValue metadata, ObjectValue spec) {
    if (!policy.errors().isEmpty()) {
      List<String> errors = policy.errors().stream().map(FieldError::toString).distinct().toList();
      String all = errors.size() == 1 ? errors.getFirst() : errors.toString();
      audit(attributes, "error", "Failed to parse policy: " + all);
    }
    Verdict verdict = PodChecks.check(policy.audit(), metadata, spec);
    if (!verdict.allowed()) {
      String level = GoText.quote(policy.audit().toString());
      audit(attributes, "audit-violations", "would violate PodSecurity " + level + ": " + verdict.details());
    }
  }

  private static void warn(AdmissionAttributes attributes, Policy policy, ObjectValue metadata, ObjectValue spec) {
    Verdict verdict = PodChecks.check(policy.warn(), metadata, spec);
    if (!verdict.allowed()) {
      attributes
          .context()
          .warn("would violate PodSecurity " + GoText.quote(policy.warn().toString()) + ": " + verdict.details());
    }
  }

  /// Whether an update brings other images; the rest of what is checked cannot change.
  private static boolean isSignificant(ObjectValue spec, ObjectValue old) {
    if (differ(PodContainers.plain(spec), PodContainers.plain(old)) || differ(PodContainers.init(spec), PodContainers.init(old))) {
      return true;
    }
    List<ObjectValue> before = PodContainers.ephemeral(old);
    return PodContainers.ephemeral(spec).stream()
        .anyMatch(
            c ->
                before.stream()
                    .filter(o -> o.string("name").equals(c.string("name")))
                    .findFirst()
                    .filter(o -> o.string("image").equals(c.string("image")))
                    .isEmpty());
  }

  private static boolean differ(List<ObjectValue> containers, List<ObjectValue> old) {
    return !containers.stream().map(c -> c.string("image")).toList().equals(old.stream().map(c -> c.string("image")).toList());
  }

  // Namespaces.

  private void validateNamespace(AdmissionAttributes attributes) {
    Map<String, String> labels = labels(Resources.object(attributes));
    Policy policy = Policy.of(labels, configured.defaults());
    Map<String, String> oldLabels = Resources.updates(attributes) ? labels(Resources.oldObject(attributes)) : Map.of();
    Policy old = Policy.of(oldLabels, configured.defaults());
    if (!policy.errors().isEmpty() && !policy.errors().equals(old.errors())) {
      throw new Failure.Invalid(attributes.kind().groupKind(), attributes.name(), policy.errors()).toException();
    }
    boolean stricter = Resources.updates(attributes) && isStricter(policy.enforce(), old.enforce());
    if (configured.namespaces().contains(attributes.namespace())) {
      if (stricter || Resources.creates(attributes)) {
        exemptWarning(Metadata.name(Resources.object(attributes)), policy, labels).ifPresent(attributes.context()::warn);
      }
    } else if (stricter) {
      warnings(Metadata.name(Resources.object(attributes)), policy.enforce()).forEach(attributes.context()::warn);
    }
  }

  /// What is said to who labels a namespace that nobody looks at.
  private Optional<String> exemptWarning(String namespace, Policy policy, Map<String, String> labels) {
    if (policy.isPrivileged() || policy.sameAs(configured.defaults())) {
      return Optional.empty();
    }
    var modes = new ArrayList<String>();
    policy
        .modes()
        .forEach(
            (mode, level) -> {
              if (level.level() != Level.PRIVILEGED && SecurityLevel.isLabelled(labels, mode)) {
                modes.add(mode + "=" + level);
              }
            });
    return Optional.of(
        "namespace "
            + GoText.quote(namespace)
            + " is exempt from Pod Security, and the policy ("
            + String.join(", ", modes)
            + ") will be ignored");
  }

  private static boolean isStricter(SecurityLevel level, SecurityLevel old) {
    if (level.equals(old) || level.level() == Level.PRIVILEGED) {
      return false;
    }
    return level.minor() != old.minor() || level.level().compareTo(old.level()) > 0;
  }

  /// A reason that pods are told with: the first of them by name, and how many there are.
  private record Told(String first, int count) {
    Told and(String name) {
      return new Told(name.compareTo(first) < 0 ? name : first, count + 1);
    }

    String text(String reason) {
      return switch (count) {
        case 1 -> first + ": " + reason;
        case 2 -> first + " (and 1 other pod): " + reason;
        default -> first + " (and " + (count - 1) + " other pods): " + reason;
      };
    }
  }

  private List<String> warnings(String namespace, SecurityLevel enforce) {
    List<ObjectValue> pods = differentFirst(registry.peekAll(Resources.PODS, namespace).stream().filter(pod -> !configured.exempts(pod.object("spec"))).toList());
    Instant end = registry.clock().instant().plus(CHECK_TIME_MAX);
    int total = pods.size();
    int checked = 0;
    var reasons = new TreeMap<String, Told>();
    for (ObjectValue pod : pods.subList(0, Math.min(total, CHECKED_PODS_MAX))) {
      Verdict verdict = PodChecks.check(enforce, pod.object("metadata"), pod.object("spec"));
      if (!verdict.allowed()) {
        String name = Metadata.name(pod);
        reasons.compute(verdict.reasons(), (_, told) -> told == null ? new Told(name, 1) : told.and(name));
      }
      checked++;
      if (registry.clock().instant().isAfter(end)) {
        break;
      }
    }
    var warnings = new ArrayList<String>();
    if (checked < total) {
      warnings.add("new PodSecurity enforce level only checked against the first " + checked + " of " + total + " existing pods");
    }
    if (!reasons.isEmpty()) {
      warnings.add(
          "existing pods in namespace " + GoText.quote(namespace) + " violate the new PodSecurity enforce level "
              + GoText.quote(enforce.toString()));
    }
    warnings.addAll(reasons.entrySet().stream().map(e -> e.getValue().text(e.getKey())).sorted().toList());
    return warnings;
  }

  /// One pod of each controller first, then its brothers.
  private static List<ObjectValue> differentFirst(List<ObjectValue> pods) {
    var first = new ArrayList<ObjectValue>();
    var rest = new ArrayList<ObjectValue>();
    var controllers = new HashSet<String>();
    for (ObjectValue pod : pods) {
      Optional<String> controller =
          pod.list("metadata", "ownerReferences").objects().stream()
              .filter(r -> r.bool("controller"))
              .map(r -> r.string("uid"))
              .findFirst();
      (controller.isEmpty() || controllers.add(controller.get()) ? first : rest).add(pod);
    }
    first.addAll(rest);
    return first;
  }
}
