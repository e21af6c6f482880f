package io.thyra.admission;

import io.thyra.machinery.Names;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts what pods ask for. Source: kubernetes pkg/quota/v1/evaluator/core/pods.go.
record PodQuota(Clock clock) implements QuotaEvaluator {
  static final String REQUESTS = "requests.";
  private static final String COUNT = Count.name(Resources.PODS);
  private static final String HUGE_PAGES = "hugepages-";
  private static final String DEVICE_CLASS = "deviceclass.resource.kubernetes.io/";
  private static final List<String> COMPUTED = List.of("cpu", "memory", "ephemeral-storage");
  // What each container has to say once a quota limits it.
  private static final Set<String> DEMANDED =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return switch (attributes.subresource()) {
      case "" ->
          Resources.creates(attributes)
              || Resources.updates(attributes) && terminates(Resources.object(attributes)) != terminates(Resources.oldObject(attributes));
      case "resize" -> Resources.updates(attributes);
      default -> false;
    };
  }

  @Override
  public boolean uses(String name) {
    return name.equals(COUNT)
        || name.equals("pods")
        || COMPUTED.contains(name)
        || name.startsWith("limits.") && COMPUTED.contains(name.substring("limits.".length()))
        || name.startsWith(REQUESTS) && COMPUTED.contains(name.substring(REQUESTS.length()))
        || name.startsWith(HUGE_PAGES)
        || name.startsWith(REQUESTS + HUGE_PAGES)
        || isExtendedRequest(name);
  }

  /// Whether a name of a quota is a request for a resource that Kubernetes does not know itself.
  static boolean isExtendedRequest(String name) {
    return name.startsWith(REQUESTS) && (!isNative(name) || name.startsWith(REQUESTS + DEVICE_CLASS));
  }

  static boolean isNative(String name) {
    return !name.contains("/") || name.contains("kubernetes.io/");
  }

  /// Whether a name is one of a resource that Kubernetes does not know itself.
  static boolean isExtended(String name) {
    return !isNative(name) && !name.startsWith(REQUESTS) && Names.qualifiedName(REQUESTS + name).isEmpty();
  }

  @Override
  public boolean coversScopes() {
    return true;
  }

  @Override
  public boolean inScope(QuotaScopes.Scope scope, ObjectValue pod) {
    return switch (scope.name()) {
      case "Terminating" -> terminates(pod);
      case "NotTerminating" -> !terminates(pod);
      case "BestEffort" -> isBestEffort(pod);
      case "NotBestEffort" -> !isBestEffort(pod);
      case "PriorityClass" -> {
        String name = pod.string("spec", "priorityClassName");
        yield scope.matches(name.isEmpty() ? Set.of() : Set.of(name));
      }
      case "CrossNamespacePodAffinity" -> reachesOtherNamespaces(pod);
      default -> false;
    };
  }

  private static boolean terminates(ObjectValue pod) {
    return pod.integer(-1, "spec", "activeDeadlineSeconds") >= 0;
  }

  static boolean isBestEffort(ObjectValue pod) {
    String told = pod.string("status", "qosClass");
    if (!told.isEmpty()) {
      return told.equals("BestEffort");
    }
    ObjectValue spec = pod.object("spec");
    Stream<ObjectValue> askers =
        spec.has("resources")
            ? Stream.of(spec)
            : Stream.concat(PodContainers.plain(spec).stream(), PodContainers.init(spec).stream());
    return askers
        .map(a -> a.object("resources"))
        .flatMap(r -> Stream.of(r.object("requests"), r.object("limits")))
        .map(ResourceAmounts::of)
        .noneMatch(a -> a.get("cpu").signum() > 0 || a.get("memory").signum() > 0);
  }

  private static boolean reachesOtherNamespaces(ObjectValue pod) {
    ObjectValue affinity = pod.object("spec", "affinity");
    return Stream.of("podAffinity", "podAntiAffinity")
        .map(affinity::object)
        .flatMap(
            a ->
                Stream.concat(
                    a.list("requiredDuringSchedulingIgnoredDuringExecution").objects().stream(),
                    a.list("preferredDuringSchedulingIgnoredDuringExecution").objects().stream().map(w -> w.object("podAffinityTerm"))))
        .anyMatch(term -> !term.list("namespaces").isEmpty() || term.has("namespaceSelector"));
  }

  @Override
  public Optional<String> findMissing(ResourceAmounts limited, ObjectValue pod) {
    if (PodResources.saysAsWhole(pod)) {
      return Optional.empty();
    }
    ObjectValue spec = pod.object("spec");
    var missing = new TreeMap<String, TreeSet<String>>();
    var containers = new ArrayList<>(PodContainers.plain(spec));
    containers.addAll(PodContainers.init(spec));
    for (ObjectValue container : containers) {
      ObjectValue resources = container.object("resources");
      ResourceAmounts says =
          counted(ResourceAmounts.of(resources.object("requests")), ResourceAmounts.of(resources.object("limits")));
      for (String name : limited.names()) {
        if (DEMANDED.contains(name) && !says.has(name)) {
          missing.computeIfAbsent(name, _ -> new TreeSet<>()).add(container.string("name"));
        }
      }
    }
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    var parts = new ArrayList<String>();
    missing.forEach((name, lacking) -> parts.add(name + " for: " + String.join(",", lacking)));
    return Optional.of("must specify " + String.join("; ", parts));
  }

  @Override
  public ResourceAmounts usage(ObjectValue pod) {
    ResourceAmounts one = ResourceAmounts.of(Map.of(COUNT, Quantity.of(1)));
    if (!isAlive(pod)) {
      return one;
    }
    return one.plus(
        counted(PodResources.requests(pod, PodResources.Way.QUOTA), PodResources.limits(pod, PodResources.Way.QUOTA)));
  }

  /// A pod that ended, or should have by now, uses nothing.
  private boolean isAlive(ObjectValue pod) {
    String phase = pod.string("status", "phase");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return false;
    }
    @Nullable Instant deletion = Metadata.deletionTimestamp(pod);
    OptionalLong grace = Metadata.deletionGracePeriodSeconds(pod);
    return deletion == null || grace.isEmpty() || !clock.instant().isAfter(deletion.plusSeconds(grace.getAsLong()));
  }

  private static ResourceAmounts counted(ResourceAmounts requests, ResourceAmounts limits) {
    var counted = new TreeMap<String, Quantity>();
    counted.put("pods", Quantity.of(1));
    for (String name : COMPUTED) {
      if (requests.has(name)) {
        counted.put(name, requests.get(name));
        counted.put(REQUESTS + name, requests.get(name));
      }
      if (limits.has(name)) {
        counted.put("limits." + name, limits.get(name));
      }
    }
    for (String name : requests.names()) {
      if (name.startsWith(HUGE_PAGES)) {
        counted.put(name, requests.get(name));
        counted.put(REQUESTS + name, requests.get(name));
      }
      if (isExtended(name) || name.startsWith(DEVICE_CLASS)) {
        counted.put(REQUESTS + name, requests.get(name));
      }
    }
    return ResourceAmounts.of(counted);
  }
}
