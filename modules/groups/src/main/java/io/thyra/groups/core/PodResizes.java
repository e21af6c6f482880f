package io.thyra.groups.core;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A change of the resources of a running pod: cpu and memory alone, and nothing that was asked for may be dropped.
/// Source: pkg/apis/core/validation/validation.go, ValidatePodResize.
final class PodResizes {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final String ONLY = "only cpu and memory resources are mutable";

  private PodResizes() {}

  static void check(ObjectValue pod, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    if (old.object("metadata", "annotations").has(PodUpdates.MIRROR)) {
      refuse("static pods cannot be resized", errors);
      return;
    }
    if (old.string("spec", "os", "name").equals("windows")) {
      refuse("windows pods cannot be resized", errors);
      return;
    }
    String was = old.string("status", "qosClass");
    if (!(was.isEmpty() ? PodQos.of(old.object("spec")) : was).equals(PodQos.of(pod.object("spec")))) {
      errors.add(FieldError.invalid(SPEC, pod.string("status", "qosClass"), "Pod QOS Class may not change as a result of resizing"));
    }
    if (!isSupported(old)) {
      errors.add(FieldError.forbidden(SPEC, "Pod running on node without support for resize"));
    }
    ObjectValue spec = pod.object("spec");
    ObjectValue before = old.object("spec");
    ObjectValue munged = podLevel(spec, before, errors);
    if (!old.list("status", "nodeAllocatableResourceClaimStatuses").isEmpty()) {
      errors.add(FieldError.forbidden(SPEC, "pods with node allocatable resource claims cannot be resized"));
    }
    if (!sameContainers(spec, before, errors)) {
      return;
    }
    for (String list : List.of("initContainers", "containers")) {
      for (int i = 0; i < spec.list(list).size(); i++) {
        nothingRemoved(
            spec.list(list).object(i).object("resources"),
            before.list(list).object(i).object("resources"),
            "resource",
            SPEC.child(list).index(i).child("resources"),
            errors);
      }
    }
    munged = containers(munged, before, errors);
    munged = initContainers(munged, before, errors);
    if (errors.isEmpty() && !munged.equals(before)) {
      errors.add(FieldError.forbidden(SPEC, ONLY));
    }
  }

  private static void refuse(String why, List<FieldError> errors) {
    errors.clear();
    errors.add(FieldError.forbidden(FieldPath.of(""), why));
  }

  // The first running container tells whether its node reports resources.
  private static boolean isSupported(ObjectValue pod) {
    for (ObjectValue status : pod.list("status", "containerStatuses").objects()) {
      if (status.at("state", "running") instanceof ObjectValue) {
        return status.get("resources") instanceof ObjectValue;
      }
    }
    return true;
  }

  private static boolean setsPodLevel(ObjectValue spec) {
    return !spec.object("resources", "requests").isEmpty() || !spec.object("resources", "limits").isEmpty();
  }

  private static ObjectValue podLevel(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    if (!setsPodLevel(spec) && !setsPodLevel(before)) {
      return spec;
    }
    FieldPath path = SPEC.child("resources");
    if (before.get("resources") instanceof ObjectValue was) {
      if (!(spec.get("resources") instanceof ObjectValue now)) {
        errors.add(FieldError.forbidden(path, "pod-level resources cannot be removed"));
        return spec;
      }
      nothingRemoved(now, was, "pod-level resource", path, errors);
    }
    ObjectValue kept = withoutComputing(spec.object("resources"), before.object("resources"));
    ObjectValue munged =
        !before.has("resources") && kept.isEmpty() ? spec.without("resources") : spec.with("resources", kept);
    if (!munged.object("resources").equals(before.object("resources"))) {
      errors.add(FieldError.forbidden(SPEC, "only cpu and memory resources are mutable at pod-level"));
    }
    return munged;
  }

  private static void nothingRemoved(ObjectValue now, ObjectValue was, String what, FieldPath path, List<FieldError> errors) {
    for (String field : List.of("requests", "limits")) {
      ObjectValue amounts = now.object(field);
      if (was.object(field).names().stream().anyMatch(name -> !amounts.has(name))) {
        errors.add(FieldError.forbidden(path.child(field), what + " " + field + " cannot be removed"));
      }
    }
  }

  private static boolean sameContainers(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    int count = errors.size();
    for (String list : List.of("containers", "initContainers")) {
      ListValue now = spec.list(list);
      ListValue was = before.list(list);
      if (now.size() != was.size()) {
        errors.add(FieldError.forbidden(SPEC.child(list), list + " may not be added or removed on resize"));
        continue;
      }
      for (int i = 0; i < was.size(); i++) {
        if (!now.object(i).string("name").equals(was.object(i).string("name"))) {
          errors.add(
              FieldError.forbidden(
                  SPEC.child(list).index(i).child("name"), list + " may not be renamed or reordered on resize"));
        }
      }
    }
    return errors.size() == count;
  }

  /// Resources with the cpu and memory of the stored ones.
  private static ObjectValue withoutComputing(ObjectValue now, ObjectValue was) {
    ObjectValue out = now;
    for (String field : List.of("limits", "requests")) {
      ObjectValue.Builder amounts = now.object(field).without("cpu").without("memory").toBuilder();
      for (String name : List.of("cpu", "memory")) {
        Value earlier = was.object(field).get(name);
        if (earlier != null) {
          amounts.put(name, earlier);
        }
      }
      ObjectValue all = amounts.buildSorted();
      out = all.isEmpty() ? out.without(field) : out.with(field, all);
    }
    return out;
  }

  private static ObjectValue munged(ObjectValue container, ObjectValue was) {
    ObjectValue resources = withoutComputing(container.object("resources"), was.object("resources")).without("claims");
    return container.has("resources") || was.has("resources") ? container.with("resources", resources) : container;
  }

  private static boolean isSame(ObjectValue container, ObjectValue was) {
    ObjectValue a = container.without("resources");
    ObjectValue b = was.without("resources");
    return a.equals(b) && sameAmounts(container.object("resources"), was.object("resources"));
  }

  private static boolean sameAmounts(ObjectValue a, ObjectValue b) {
    return List.of("limits", "requests").stream().allMatch(f -> sorted(a.object(f)).equals(sorted(b.object(f))))
        && a.list("claims").equals(b.list("claims"));
  }

  private static ObjectValue sorted(ObjectValue amounts) {
    return amounts.toBuilder().buildSorted();
  }

  private static ObjectValue containers(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    var out = new ArrayList<Value>();
    ListValue now = spec.list("containers");
    for (int i = 0; i < now.size(); i++) {
      ObjectValue was = before.list("containers").object(i);
      ObjectValue container = munged(now.object(i), was);
      boolean same = isSame(container, was);
      if (!same) {
        errors.add(FieldError.forbidden(SPEC, ONLY));
      }
      out.add(same ? was : container);
    }
    return spec.with("containers", new ListValue(out));
  }

  private static ObjectValue initContainers(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    var out = new ArrayList<Value>();
    ListValue now = spec.list("initContainers");
    for (int i = 0; i < now.size(); i++) {
      ObjectValue was = before.list("initContainers").object(i);
      ObjectValue container = now.object(i);
      boolean changed = !isSame(container, was);
      ObjectValue kept = munged(container, was);
      boolean same = isSame(kept, was);
      if (!same) {
        errors.add(
            FieldError.forbidden(
                SPEC.child("initContainers").index(i), "only cpu and memory resources for init or sidecar containers are mutable"));
      }
      boolean sidecar = container.string("restartPolicy").equals("Always");
      for (ObjectValue policy : container.list("resizePolicy").objects()) {
        if (changed && !sidecar && policy.string("restartPolicy").equals("RestartContainer")) {
          errors.add(
              FieldError.forbidden(
                  SPEC.child("initContainers").index(i),
                  "non-sidecar init containers with a resize policy of RestartContainer cannot be resized"));
        }
      }
      out.add(same ? was : kept);
    }
    return out.isEmpty() ? spec : spec.with("initContainers", new ListValue(out));
  }
}
