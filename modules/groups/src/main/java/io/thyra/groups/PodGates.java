package io.thyra.groups;

import io.thyra.model.ObjectValue;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Fields of pods whose gates are off: they are dropped where a pod or a template comes in, unless the stored one uses them
/// already. Who sent them owns them all the same, for they go after that was written down.
/// Source: pkg/api/pod/util.go, dropDisabledFields.
final class PodGates {
  private static final String POD_SPEC = "io.k8s.api.core.v1.PodSpec";
  private static final List<String> CONTAINERS = List.of("initContainers", "containers", "ephemeralContainers");
  private static final List<String> PROJECTIONS = List.of("clusterTrustBundle", "podCertificate");

  private PodGates() {}

  /// Where a kind has the spec of a pod, its own or that of a template.
  static Optional<String[]> findPodSpec(Struct kind) {
    return findPodSpec(kind, new HashSet<>()).map(path -> path.toArray(String[]::new));
  }

  private static Optional<List<String>> findPodSpec(Struct struct, Set<String> seen) {
    if (struct.name().equals(POD_SPEC)) {
      return Optional.of(List.of());
    }
    if (!seen.add(struct.name())) {
      return Optional.empty();
    }
    for (FieldSchema field : struct.fields()) {
      if (field.shape() instanceof Struct inner && !field.inline()) {
        Optional<List<String>> below = findPodSpec(inner, seen);
        if (below.isPresent()) {
          var path = new java.util.ArrayList<>(List.of(field.name()));
          path.addAll(below.get());
          return Optional.of(path);
        }
      }
    }
    return Optional.empty();
  }

  /// The object without the fields of gates that are off.
  ///
  /// @param old what is stored, null on create
  static ObjectValue drop(ObjectValue object, @Nullable ObjectValue old, String[] path) {
    if (!(object.at(path) instanceof ObjectValue spec)) {
      return object;
    }
    ObjectValue before = old == null ? ObjectValue.EMPTY : old.object(path);
    ObjectValue changed = before.has("schedulingGroup") ? spec : spec.without("schedulingGroup");
    for (String projection : PROJECTIONS) {
      if (projects(changed, projection) && !projects(before, projection)) {
        changed = withoutProjection(changed, projection);
      }
    }
    if (signals(changed) && !signals(before)) {
      for (String list : CONTAINERS) {
        changed = changed.changeList(list, all -> all.mapObjects(PodGates::withoutSignal));
      }
    }
    return changed == spec ? object : object.withAt(changed, path);
  }

  private static boolean projects(ObjectValue spec, String projection) {
    return any(spec, "volumes", v -> v.list("projected", "sources").objects().stream().anyMatch(s -> s.has(projection)));
  }

  private static ObjectValue withoutProjection(ObjectValue spec, String projection) {
    return spec.changeList(
        "volumes",
        volumes ->
            volumes.mapObjects(
                volume ->
                    volume.change(
                        "projected",
                        projected ->
                            projected.changeList("sources", sources -> sources.mapObjects(source -> source.without(projection))))));
  }

  private static boolean signals(ObjectValue spec) {
    return CONTAINERS.stream().anyMatch(list -> any(spec, list, c -> c.object("lifecycle").has("stopSignal")));
  }

  private static ObjectValue withoutSignal(ObjectValue container) {
    if (!container.object("lifecycle").has("stopSignal")) {
      return container;
    }
    ObjectValue rest = container.object("lifecycle").without("stopSignal");
    return rest.isEmpty() ? container.without("lifecycle") : container.with("lifecycle", rest);
  }

  private static boolean any(ObjectValue spec, String list, Predicate<ObjectValue> condition) {
    return spec.list(list).objects().stream().anyMatch(condition);
  }
}
