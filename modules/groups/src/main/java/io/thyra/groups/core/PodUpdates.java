package io.thyra.groups.core;

import io.thyra.groups.GoStruct;
import io.thyra.groups.Rules;
import io.thyra.machinery.GoDiff;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.schema.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may become of a stored pod: nearly nothing but its images, its deadline, more tolerations and fewer gates; and,
/// while gates hold it, a narrower choice of nodes. Source: pkg/apis/core/validation/validation.go, ValidatePodUpdate.
final class PodUpdates {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath ANNOTATIONS = FieldPath.of("metadata", "annotations");
  static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String MAY_CHANGE =
      "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
          + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
          + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n";
  private static final String[] REQUIRED_TERMS = {
    "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"
  };

  private final Struct specType;
  private final Struct ephemeralType;

  PodUpdates(Struct pod) {
    specType = GoStruct.at(pod, "spec");
    ephemeralType = GoStruct.at(pod, "spec", "ephemeralContainers");
  }

  void check(ObjectValue pod, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue spec = pod.object("spec");
    ObjectValue before = old.object("spec");
    annotations(pod, old, errors);
    for (String list : List.of("containers", "initContainers")) {
      if (!containers(spec.list(list), before.list(list), SPEC.child(list), errors)) {
        return;
      }
    }
    if (!deadline(spec, before, errors)) {
      return;
    }
    tolerations(spec, before, errors);
    gates(spec, before, errors);
    if (spec.equals(before)) {
      return;
    }
    if (GoStruct.same(specType, before, spec)) {
      return;
    }
    ObjectValue munged = munge(spec, before);
    if (!before.list("schedulingGates").isEmpty()) {
      munged = gated(munged, before, errors);
    }
    if (!GoStruct.same(specType, before, munged)) {
      errors.add(FieldError.forbidden(SPEC, MAY_CHANGE + GoDiff.of(GoStruct.of(specType, before), GoStruct.of(specType, munged))));
    }
  }

  /// Annotations that pin a pod to a node's own pods or profiles.
  static void annotations(ObjectValue pod, ObjectValue old, List<FieldError> errors) {
    ObjectValue now = pod.object("metadata", "annotations");
    ObjectValue before = old.object("metadata", "annotations");
    before.forEach(
        (key, value) -> {
          if (!Objects.equals(now.get(key), value)) {
            pinned(key, "may not remove or update ", errors);
          }
        });
    for (String key : now.names()) {
      if (!before.has(key)) {
        pinned(key, "may not add ", errors);
      }
    }
    PodAnnotations.check(now, pod.object("spec"), ANNOTATIONS, errors);
  }

  private static void pinned(String key, String verb, List<FieldError> errors) {
    if (key.startsWith(PodAnnotations.APP_ARMOR)) {
      errors.add(
          FieldError.forbidden(
              ANNOTATIONS.key(key), verb + "AppArmor annotations"));
    }
    if (key.equals(MIRROR)) {
      errors.add(FieldError.forbidden(ANNOTATIONS.key(key), verb + "mirror pod annotation"));
    }
  }

  private static boolean containers(ListValue now, ListValue before, FieldPath path, List<FieldError> errors) {
    if (now.size() != before.size()) {
      errors.add(FieldError.forbidden(path, "pod updates may not add or remove containers"));
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      String image = now.object(i).string("image");
      if (image.isEmpty()) {
        errors.add(FieldError.required(path.index(i).child("image"), ""));
      }
      PodValidation.trimmedImage(image, path.index(i), errors);
    }
    return true;
  }

  private static boolean deadline(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    FieldPath path = SPEC.child("activeDeadlineSeconds");
    Value was = before.get("activeDeadlineSeconds");
    if (spec.get("activeDeadlineSeconds") instanceof IntegerValue(long seconds)) {
      if (seconds < 0 || seconds > Integer.MAX_VALUE) {
        errors.add(FieldError.invalid(path, seconds, Rules.inRange(0, Integer.MAX_VALUE)));
        return false;
      }
      if (was instanceof IntegerValue(long earlier) && earlier < seconds) {
        errors.add(FieldError.invalid(path, seconds, "must be less than or equal to previous value"));
        return false;
      }
    } else if (was instanceof IntegerValue) {
      errors.add(FieldError.invalidPrinted(path, "null", "must not update from a positive integer to nil value"));
    }
    return true;
  }

  private static void tolerations(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    List<ObjectValue> now = spec.list("tolerations").objects().stream().map(t -> t.without("tolerationSeconds")).toList();
    for (ObjectValue toleration : before.list("tolerations").objects()) {
      if (!now.contains(toleration.without("tolerationSeconds"))) {
        errors.add(
            FieldError.forbidden(SPEC.child("tolerations"), "existing toleration can not be modified except its tolerationSeconds"));
        return;
      }
    }
    PodValidation.tolerations(spec, SPEC.child("tolerations"), errors);
  }

  private static void gates(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    List<String> known = before.list("schedulingGates").objects().stream().map(g -> g.string("name")).toList();
    List<ObjectValue> gates = spec.list("schedulingGates").objects();
    for (int i = 0; i < gates.size(); i++) {
      String name = gates.get(i).string("name");
      if (!known.contains(name)) {
        errors.add(
            FieldError.forbidden(
                SPEC.child("schedulingGates").index(i).child("name"),
                "only deletion is allowed, but found new scheduling gate '" + name + "'"));
      }
    }
  }

  /// The spec with what may change set back.
  private static ObjectValue munge(ObjectValue spec, ObjectValue before) {
    ObjectValue munged = spec;
    for (String list : List.of("containers", "initContainers")) {
      if (!spec.list(list).isEmpty()) {
        munged = munged.with(list, images(spec.list(list), before.list(list)));
      }
    }
    for (String field : List.of("activeDeadlineSeconds", "schedulingGates", "tolerations")) {
      munged = restore(munged, before, field);
    }
    boolean cured =
        before.get("terminationGracePeriodSeconds") instanceof IntegerValue(long was)
            && was < 0
            && munged.integer(0, "terminationGracePeriodSeconds") == 1;
    return cured ? restore(munged, before, "terminationGracePeriodSeconds") : munged;
  }

  private static ListValue images(ListValue now, ListValue before) {
    var out = new ArrayList<Value>();
    for (int i = 0; i < now.size(); i++) {
      out.add(restore(now.object(i), before.object(i), "image"));
    }
    return new ListValue(out);
  }

  private static ObjectValue restore(ObjectValue object, ObjectValue before, String field) {
    Value was = before.get(field);
    return was == null ? object.without(field) : object.with(field, was);
  }

  /// A pod that gates hold may narrow the choice of its node.
  private ObjectValue gated(ObjectValue spec, ObjectValue before, List<FieldError> errors) {
    ObjectValue munged = spec;
    ObjectValue selector = spec.object("nodeSelector");
    ObjectValue was = before.object("nodeSelector");
    if (!selector.equals(was)) {
      if (was.names().stream().anyMatch(key -> !Objects.equals(selector.get(key), was.get(key)))) {
        errors.add(
            FieldError.invalid(
                SPEC.child("nodeSelector"), selector, "only additions to spec.nodeSelector are allowed (no mutations or deletions)"));
      }
      munged = restore(munged, before, "nodeSelector");
    }
    Value affinity = spec.at("affinity", "nodeAffinity");
    Value earlier = before.at("affinity", "nodeAffinity");
    if (Objects.equals(affinity, earlier)) {
      return munged;
    }
    terms(spec.list(REQUIRED_TERMS), before.list(REQUIRED_TERMS), errors);
    if (earlier != null) {
      return munged.withAt(earlier, "affinity", "nodeAffinity");
    }
    ObjectValue rest = munged.object("affinity").without("nodeAffinity");
    return before.get("affinity") instanceof ObjectValue || !rest.isEmpty()
        ? munged.with("affinity", rest)
        : munged.without("affinity");
  }

  private void terms(ListValue now, ListValue before, List<FieldError> errors) {
    FieldPath path = SPEC.child(REQUIRED_TERMS);
    if (before.isEmpty()) {
      return;
    }
    if (now.size() != before.size()) {
      Value shown = now.isEmpty() ? io.thyra.model.NullValue.NULL : internalTerms(now);
      errors.add(
          FieldError.invalidPrinted(
              path, GoText.json(shown), "no additions/deletions to non-empty NodeSelectorTerms list are allowed"));
      return;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!onlyAdds(now.object(i), before.object(i))) {
        errors.add(
            FieldError.invalidPrinted(
                path.index(i), GoText.json(internalTerms(now).items().get(i)), "only additions are allowed (no mutations or deletions)"));
      }
    }
  }

  private ListValue internalTerms(ListValue terms) {
    Struct term = GoStruct.at(specType, REQUIRED_TERMS);
    return terms.map(t -> GoStruct.of(term, t));
  }

  private static boolean onlyAdds(ObjectValue now, ObjectValue before) {
    List<String> fields = List.of("matchExpressions", "matchFields");
    if (fields.stream().allMatch(f -> before.list(f).isEmpty()) && fields.stream().anyMatch(f -> !now.list(f).isEmpty())) {
      return false;
    }
    for (String field : fields) {
      List<Value> was = before.list(field).items();
      List<Value> is = now.list(field).items();
      if (is.size() < was.size() || !is.subList(0, was.size()).equals(was)) {
        return false;
      }
    }
    return true;
  }

  /// Debug containers come, and stay as they came.
  void ephemeralContainers(ObjectValue pod, ObjectValue old, @Nullable FieldPath root, List<FieldError> errors) {
    annotations(pod, old, errors);
    if (old.object("metadata", "annotations").has(MIRROR)) {
      errors.clear();
      errors.add(FieldError.forbidden(FieldPath.of(""), "static pods do not support ephemeral containers"));
      return;
    }
    FieldPath path = SPEC.child("ephemeralContainers");
    Map<String, ObjectValue> now = new HashMap<>();
    pod.list("spec", "ephemeralContainers").objects().forEach(c -> now.put(c.string("name"), c));
    for (ObjectValue container : old.list("spec", "ephemeralContainers").objects()) {
      String name = GoText.quote(container.string("name"));
      ObjectValue changed = now.get(container.string("name"));
      if (changed == null) {
        errors.add(FieldError.forbidden(path, "existing ephemeral containers " + name + " may not be removed\n"));
      } else if (!changed.equals(container)) {
        String diff = GoDiff.of(GoStruct.of(ephemeralType, container), GoStruct.of(ephemeralType, changed));
        errors.add(FieldError.forbidden(path, "existing ephemeral containers " + name + " may not be changed\n" + diff));
      }
    }
  }

  /// The stored text of a class that a client may leave out of a status.
  static ObjectValue keepQos(ObjectValue pod, ObjectValue old) {
    String was = old.string("status", "qosClass");
    return pod.string("status", "qosClass").isEmpty() && !was.isEmpty()
        ? pod.withAt(new StringValue(was), "status", "qosClass")
        : pod;
  }
}
