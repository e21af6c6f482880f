package io.thyra.admission;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.Registry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Nothing is written to a namespace that is absent, nothing new to one that is being deleted, and three are never deleted.
/// Runs with the mutating plugins, so that its answer comes before any rule of the kind.
/// Source: apiserver pkg/admission/plugin/namespace/lifecycle/admission.go.
final class NamespaceLifecycle implements Plugin {
  private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");
  // How long the cache is not believed about a namespace whose deletion was just asked for, and of how many that is known.
  private static final Duration DISTRUST = Duration.ofSeconds(30);
  private static final int DISTRUSTED_MAX = 100;

  private final Registry registry;
  private final Clock clock;
  private final Map<String, Instant> distrusted =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > DISTRUSTED_MAX;
        }
      };

  NamespaceLifecycle(Registry registry) {
    this.registry = registry;
    this.clock = registry.clock();
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return attributes.operation() != Operation.CONNECT;
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    boolean ofNamespace = Resources.isKind(attributes, "", "Namespace");
    Operation operation = attributes.operation();
    if (ofNamespace) {
      if (operation == Operation.DELETE) {
        if (IMMORTAL.contains(attributes.name())) {
          throw new Failure.Forbidden(
                  attributes.resource().groupResource(), attributes.name(), "this namespace may not be deleted")
              .toException();
        }
        distrust(attributes.name());
      }
      return attributes;
    }
    if (attributes.namespace().isEmpty() || operation == Operation.DELETE || isAccessReview(attributes)) {
      return attributes;
    }
    ObjectValue namespace = namespace(attributes.namespace());
    if (operation == Operation.CREATE && namespace.string("status", "phase").equals("Terminating")) {
      throw terminating(attributes);
    }
    return attributes;
  }

  private static boolean isAccessReview(AdmissionAttributes attributes) {
    return attributes.resource().group().equals("authorization.k8s.io")
        && attributes.resource().resource().equals("localsubjectaccessreviews");
  }

  private ObjectValue namespace(String name) {
    Optional<ObjectValue> known = registry.peek(Resources.NAMESPACES, "", name);
    boolean fresh = known.isPresent() && !(isDistrusted(name) && known.get().string("status", "phase").equals("Active"));
    return fresh
        ? known.get()
        : registry.find(Resources.NAMESPACES, "", name).orElseThrow(() -> Refusal.notFound(Resources.NAMESPACES, name));
  }

  private static RuntimeException terminating(AdmissionAttributes attributes) {
    String name = attributes.namespace();
    return Refusal.forbidden(
        attributes,
        "unable to create new content in namespace " + name + " because it is being terminated",
        new Status.Cause("NamespaceTerminating", "namespace " + name + " is being terminated", "metadata.namespace"));
  }

  private void distrust(String name) {
    synchronized (distrusted) {
      distrusted.remove(name);
      distrusted.put(name, clock.instant().plus(DISTRUST));
    }
  }

  private boolean isDistrusted(String name) {
    synchronized (distrusted) {
      Instant until = distrusted.get(name);
      return until != null && clock.instant().isBefore(until);
    }
  }
}
