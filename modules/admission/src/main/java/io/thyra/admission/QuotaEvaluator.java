package io.thyra.admission;

import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import io.thyra.registry.AdmissionAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How the objects of one resource are counted against quotas. Source: apiserver pkg/quota/v1/interfaces.go.
interface QuotaEvaluator {
  boolean handles(AdmissionAttributes attributes);

  /// Whether a limited resource is one that these objects use.
  boolean uses(String name);

  /// Whether an object is in a scope.
  default boolean inScope(QuotaScopes.Scope scope, ObjectValue object) {
    return false;
  }

  /// Whether scopes that a configuration limits have to be covered by a quota.
  default boolean coversScopes() {
    return false;
  }

  /// What an object must say because a quota limits it, and does not.
  default Optional<String> findMissing(ResourceAmounts limited, ObjectValue object) {
    return Optional.empty();
  }

  ResourceAmounts usage(ObjectValue object);

  /// Counts objects by their number alone, under `count/RESOURCE.GROUP` and, for a few old ones, under a name of their own.
  record Count(List<String> names) implements QuotaEvaluator {
    private static final List<String> OLD = List.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

    static Count of(GroupResource resource) {
      boolean old = resource.group().isEmpty() && OLD.contains(resource.resource());
      return new Count(old ? List.of(name(resource), resource.resource()) : List.of(name(resource)));
    }

    static String name(GroupResource resource) {
      return "count/" + resource;
    }

    @Override
    public boolean handles(AdmissionAttributes attributes) {
      return attributes.subresource().isEmpty() && Resources.creates(attributes);
    }

    @Override
    public boolean uses(String name) {
      return names.contains(name);
    }

    @Override
    public ResourceAmounts usage(ObjectValue object) {
      var used = new TreeMap<String, Quantity>();
      names.forEach(name -> used.put(name, Quantity.of(1)));
      return ResourceAmounts.of(used);
    }
  }

  /// Counts services, their load balancers and their node ports.
  /// Source: kubernetes pkg/quota/v1/evaluator/core/services.go.
  record Services() implements QuotaEvaluator {
    private static final String COUNT = Count.name(Resources.SERVICES);
    private static final String LOAD_BALANCERS = "services.loadbalancers";
    private static final String NODE_PORTS = "services.nodeports";
    private static final List<String> NAMES = List.of(COUNT, "services", NODE_PORTS, LOAD_BALANCERS);

    @Override
    public boolean handles(AdmissionAttributes attributes) {
      return attributes.subresource().isEmpty() && Resources.writes(attributes);
    }

    @Override
    public boolean uses(String name) {
      return NAMES.contains(name);
    }

    @Override
    public ResourceAmounts usage(ObjectValue service) {
      String type = service.string("spec", "type");
      boolean balanced = type.equals("LoadBalancer");
      return ResourceAmounts.of(
          Map.of(
              COUNT, Quantity.of(1),
              "services", Quantity.of(1),
              LOAD_BALANCERS, Quantity.of(balanced ? 1 : 0),
              NODE_PORTS, Quantity.of(balanced || type.equals("NodePort") ? nodePorts(service, balanced) : 0)));
    }

    private static long nodePorts(ObjectValue service, boolean balanced) {
      List<ObjectValue> ports = service.list("spec", "ports").objects();
      boolean allocates = service.at("spec", "allocateLoadBalancerNodePorts") != io.thyra.model.BooleanValue.FALSE;
      return !balanced || allocates ? ports.size() : ports.stream().filter(p -> p.integer(0, "nodePort") != 0).count();
    }
  }
}
