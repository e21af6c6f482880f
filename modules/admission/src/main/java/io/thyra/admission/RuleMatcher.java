package io.thyra.admission;

import io.thyra.machinery.LabelSelector;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.VersionedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether the `matchConstraints` of a policy, the `matchResources` of a binding or the rules of a webhook are about a
/// request. Stateless; reads the registry for versions of one resource and for the labels of namespaces.
/// Source: apiserver pkg/admission/plugin/webhook/predicates, pkg/admission/plugin/policy/matching/matching.go.
public final class RuleMatcher {
  private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");
  private static final Set<String> EXEMPT_KINDS =
      Set.of(
          "ValidatingWebhookConfiguration",
          "MutatingWebhookConfiguration",
          "ValidatingAdmissionPolicy",
          "ValidatingAdmissionPolicyBinding",
          "MutatingAdmissionPolicy",
          "MutatingAdmissionPolicyBinding");
  // Groups that serve the objects of another one, by the resource that they have in common.
  private static final Map<GroupResource, GroupResource> SHARED =
      Map.of(
          new GroupResource("", "events"), new GroupResource("events.k8s.io", "events"),
          new GroupResource("events.k8s.io", "events"), new GroupResource("", "events"));

  private final Registry registry;

  public RuleMatcher(Registry registry) {
    this.registry = registry;
  }

  /// What a rule matched: the resource and the kind in which it asks for the object.
  public record Match(GroupVersionResource resource, GroupVersionKind kind) {}

  /// Whether a request is about the configuration of admission itself, which no policy and no webhook is asked about.
  public static boolean isExempt(AdmissionAttributes attributes) {
    return attributes.kind().group().equals("admissionregistration.k8s.io") && EXEMPT_KINDS.contains(attributes.kind().kind());
  }

  /// What of a MatchResources is about a request: selectors, exclusions, then rules, of which none means all.
  ///
  /// @param resources a `matchConstraints` or `matchResources`, empty for one that matches everything
  /// @throws ApiException when the namespace of the request cannot be found, and the rest matches
  public Optional<Match> match(ObjectValue resources, AdmissionAttributes attributes) {
    ApiException problem = null;
    try {
      if (!matchesNamespace(resources.get("namespaceSelector"), attributes)) {
        return Optional.empty();
      }
    } catch (ApiException e) {
      problem = e;
    }
    if (!matchesObject(resources.get("objectSelector"), attributes)) {
      return Optional.empty();
    }
    boolean equivalent = resources.string("matchPolicy").equals("Equivalent");
    if (matchRules(resources.list("excludeResourceRules").objects(), equivalent, attributes).isPresent()) {
      return Optional.empty();
    }
    List<ObjectValue> rules = resources.list("resourceRules").objects();
    Optional<Match> found =
        rules.isEmpty()
            ? Optional.of(new Match(attributes.resource(), attributes.kind()))
            : matchRules(rules, equivalent, attributes);
    if (found.isPresent() && problem != null) {
      throw problem;
    }
    return found;
  }

  /// The first of some rules that is about a request: as it was made, or else as one in another version of its resource.
  ///
  /// @param equivalent whether other versions count
  public Optional<Match> matchRules(List<ObjectValue> rules, boolean equivalent, AdmissionAttributes attributes) {
    for (ObjectValue rule : rules) {
      if (matches(rule, attributes, attributes.resource()) && matchesName(rule, attributes)) {
        return Optional.of(new Match(attributes.resource(), attributes.kind()));
      }
    }
    if (!equivalent || rules.isEmpty()) {
      return Optional.empty();
    }
    List<Match> others = equivalents(attributes);
    for (ObjectValue rule : rules) {
      for (Match other : others) {
        if (matches(rule, attributes, other.resource()) && matchesName(rule, attributes)) {
          return Optional.of(other);
        }
      }
    }
    return Optional.empty();
  }

  /// Whether one rule (operations, groups, versions, resources, scope) is about a request for a resource.
  public static boolean matches(ObjectValue rule, AdmissionAttributes attributes, GroupVersionResource resource) {
    return matchesScope(rule.string("scope"), attributes, resource)
        && matchesOperation(rule.list("operations").strings(), attributes.operation())
        && isNamed(rule.list("apiGroups").strings(), resource.group())
        && isNamed(rule.list("apiVersions").strings(), resource.version())
        && matchesResource(rule.list("resources").strings(), resource.resource(), attributes.subresource());
  }

  private static boolean matchesScope(String scope, AdmissionAttributes attributes, GroupVersionResource resource) {
    // A request for a namespace names it as its namespace, too.
    boolean cluster = resource.equals(NAMESPACES) || attributes.namespace().isEmpty();
    return switch (scope) {
      case "", "*" -> true;
      case "Namespaced" -> !cluster;
      case "Cluster" -> cluster;
      default -> false;
    };
  }

  private static boolean matchesOperation(List<String> operations, Operation operation) {
    return isNamed(operations, operation.name());
  }

  private static boolean isNamed(List<String> names, String name) {
    return names.contains("*") || names.contains(name);
  }

  private static boolean matchesResource(List<String> resources, String resource, String subresource) {
    for (String each : resources) {
      int slash = each.indexOf('/');
      String name = slash < 0 ? each : each.substring(0, slash);
      String part = slash < 0 ? "" : each.substring(slash + 1);
      if ((name.equals("*") || name.equals(resource)) && (part.equals("*") || part.equals(subresource))) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesName(ObjectValue rule, AdmissionAttributes attributes) {
    List<String> names = rule.list("resourceNames").strings();
    return names.isEmpty() || names.contains(attributes.name());
  }

  /// Whether the labels of the request's namespace, or of the namespace that it is about, pass a selector. What lies outside
  /// of namespaces always does.
  ///
  /// @throws ApiException 404 when there is no such namespace
  public boolean matchesNamespace(@Nullable Value selector, AdmissionAttributes attributes) {
    boolean ofNamespaces = attributes.resource().resource().equals("namespaces");
    if (attributes.namespace().isEmpty() && !ofNamespaces) {
      return true;
    }
    LabelSelector parsed = LabelSelector.fromObject(selector == null ? ObjectValue.EMPTY : selector);
    if (parsed.isEmpty()) {
      return true;
    }
    boolean itself = ofNamespaces && attributes.subresource().isEmpty() && attributes.operation() != Operation.DELETE;
    ObjectValue namespace = itself ? Resources.object(attributes) : namespace(attributes);
    return parsed.matches(namespace.object("metadata", "labels"));
  }

  /// The namespace of a request; one that the cache does not know yet is read from the store.
  ///
  /// @throws ApiException 404 when there is none
  public ObjectValue namespace(AdmissionAttributes attributes) {
    String name = attributes.namespace().isEmpty() ? attributes.name() : attributes.namespace();
    return registry
        .peek(Resources.NAMESPACES, "", name)
        .or(() -> registry.find(Resources.NAMESPACES, "", name))
        .orElseThrow(() -> new Failure.NotFound(Resources.NAMESPACES, name).toException());
  }

  /// Whether the labels of the object or of what it was pass a selector.
  public static boolean matchesObject(@Nullable Value selector, AdmissionAttributes attributes) {
    LabelSelector parsed = LabelSelector.fromObject(selector == null ? ObjectValue.EMPTY : selector);
    return parsed.isEmpty() || isSelected(parsed, attributes.object()) || isSelected(parsed, attributes.oldObject());
  }

  private static boolean isSelected(LabelSelector selector, Optional<ObjectValue> object) {
    return object.isPresent() && selector.matches(object.get().object("metadata", "labels"));
  }

  /// The same resource in its other versions and groups, with its kind there.
  private List<Match> equivalents(AdmissionAttributes attributes) {
    var found = new ArrayList<Match>();
    GroupResource resource = attributes.resource().groupResource();
    registry.findStore(attributes.resource()).ifPresent(store -> add(store.definition(), attributes, found));
    GroupResource shared = SHARED.get(resource);
    if (shared != null) {
      registry.findStore(shared).ifPresent(store -> add(store.definition(), attributes, found));
    }
    return found;
  }

  private static void add(ResourceDefinition definition, AdmissionAttributes attributes, List<Match> found) {
    for (VersionedType version : definition.versions()) {
      GroupVersionResource resource = version.kind().groupVersion().resource(definition.resource().resource());
      boolean seen = resource.equals(attributes.resource()) || found.stream().anyMatch(m -> m.resource().equals(resource));
      if (!seen) {
        // A part has a kind of its own (Scale, Eviction), which is the same for all versions.
        boolean whole = attributes.subresource().isEmpty() || isOwnKind(definition, attributes);
        found.add(new Match(resource, whole ? version.kind() : attributes.kind()));
      }
    }
  }

  private static boolean isOwnKind(ResourceDefinition definition, AdmissionAttributes attributes) {
    return definition.hub().kind().equals(attributes.kind().kind());
  }
}
