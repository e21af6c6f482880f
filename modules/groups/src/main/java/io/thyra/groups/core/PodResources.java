package io.thyra.groups.core;

import io.thyra.model.ObjectValue;
import io.thyra.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/// What the containers of a pod ask for together, and what follows for the pod as a whole.
/// Source: component-helpers resource/helpers.go, pkg/apis/core/v1/defaults.go.
final class PodResources {
  private PodResources() {}

  /// Fills pod-level limits and requests of a spec that sets some of them.
  static ObjectValue defaultPodLevel(ObjectValue spec) {
    if (!(spec.get("resources") instanceof ObjectValue own)) {
      return spec;
    }
    ObjectValue limits = own.object("limits");
    ObjectValue requests = own.object("requests");
    ObjectValue changed = own;
    if (!limits.isEmpty() || !requests.isEmpty()) {
      ObjectValue.Builder filled = limits.toBuilder();
      containers(spec, "limits")
          .forEach(
              (name, amount) -> {
                if (isHugePages(name) && !requests.has(name) && !filled.has(name)) {
                  filled.put(name, amount.toString());
                }
              });
      limits = filled.buildSorted();
      changed = limits.isEmpty() ? changed : changed.with("limits", limits);
    }
    if (!limits.isEmpty()) {
      ObjectValue.Builder filled = requests.toBuilder();
      containers(spec, "requests")
          .forEach(
              (name, amount) -> {
                if (isPodLevel(name) && !isHugePages(name) && !filled.has(name)) {
                  filled.put(name, amount.toString());
                }
              });
      limits.forEach(
          (name, amount) -> {
            if (isPodLevel(name) && !filled.has(name)) {
              filled.put(name, amount);
            }
          });
      ObjectValue all = filled.buildSorted();
      changed = all.isEmpty() ? changed : changed.with("requests", all);
    }
    return changed == own ? spec : spec.with("resources", changed);
  }

  static boolean isPodLevel(String resource) {
    return resource.equals("cpu") || resource.equals("memory") || isHugePages(resource);
  }

  static boolean isHugePages(String resource) {
    return resource.startsWith("hugepages-");
  }

  /// What the containers ask for at the same time at most: the sum of the containers and of the init containers that
  /// keep running, or the hungriest moment of initialisation.
  static Map<String, Quantity> containers(ObjectValue spec, String field) {
    var sum = new TreeMap<String, Quantity>();
    spec.list("containers").objects().forEach(c -> add(sum, c.object("resources", field)));
    var sidecars = new TreeMap<String, Quantity>();
    var peak = new TreeMap<String, Quantity>();
    for (ObjectValue container : spec.list("initContainers").objects()) {
      ObjectValue asked = container.object("resources", field);
      if (container.string("restartPolicy").equals("Always")) {
        add(sum, asked);
        add(sidecars, asked);
        sidecars.forEach((name, amount) -> peak.merge(name, amount, PodResources::max));
      } else {
        var moment = new TreeMap<>(sidecars);
        add(moment, asked);
        moment.forEach((name, amount) -> peak.merge(name, amount, PodResources::max));
      }
    }
    peak.forEach((name, amount) -> sum.merge(name, amount, PodResources::max));
    return sum;
  }

  private static Quantity max(Quantity a, Quantity b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static void add(Map<String, Quantity> sum, ObjectValue amounts) {
    for (String name : amounts.names()) {
      sum.merge(name, Quantities.of(amounts, name), Quantity::plus);
    }
  }
}
