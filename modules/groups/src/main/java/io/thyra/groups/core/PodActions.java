package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.machinery.Names;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What can be done to pods beyond writing them. Source: pkg/registry/core/pod/storage/storage.go.
final class PodActions {
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final GroupResource BINDING = new GroupResource("", "pods/binding");

  private PodActions() {}

  /// Puts a pod on a node, by `pods/NAME/binding` or, without a name in the path, by `bindings`.
  static Subresource.Action.Handler binding(StoredObjects objects) {
    return (context, namespace, name, binding) -> {
      String own = binding.string("metadata", "name");
      if (!name.isEmpty() && !name.equals(own)) {
        throw new Failure.BadRequest("name in URL does not match name in Binding object").toException();
      }
      validate(binding);
      if (own.isEmpty()) {
        throw new Failure.BadRequest("Name parameter required.").toException();
      }
      objects.update(context, PODS, namespace, own, pod -> bind(context, pod, binding));
      return ObjectValue.builder()
          .put("kind", "Status")
          .put("apiVersion", "v1")
          .put("metadata", ObjectValue.EMPTY)
          .put("status", "Success")
          .put("code", 201)
          .build();
    };
  }

  // Refusals come as an unclassified error, because upstream hands on the bare list.
  private static void validate(ObjectValue binding) {
    var errors = new ArrayList<FieldError>();
    FieldPath target = FieldPath.of("target");
    String kind = binding.string("target", "kind");
    String name = binding.string("target", "name");
    if (!kind.isEmpty() && !kind.equals("Node")) {
      errors.add(FieldError.notSupported(target.child("kind"), kind, List.of("Node", "<empty>")));
    }
    if (name.isEmpty()) {
      errors.add(FieldError.required(target.child("name"), ""));
    }
    if (!errors.isEmpty()) {
      String all = errors.stream().map(FieldError::toString).distinct().collect(Collectors.joining(", "));
      throw new Failure.Unclassified(500, errors.size() == 1 ? all : "[" + all + "]").toException();
    }
  }

  private static ObjectValue bind(RequestContext context, ObjectValue pod, ObjectValue binding) {
    String name = pod.string("metadata", "name");
    precondition(pod, binding, name, "uid", "UID");
    precondition(pod, binding, name, "resourceVersion", "ResourceVersion");
    if (!pod.string("metadata", "deletionTimestamp").isEmpty()) {
      throw conflict(name, "pod " + name + " is being deleted, cannot be assigned to a host");
    }
    String node = pod.string("spec", "nodeName");
    if (!node.isEmpty()) {
      throw conflict(name, "pod " + name + " is already assigned to node " + GoText.quote(node));
    }
    if (!pod.list("spec", "schedulingGates").isEmpty()) {
      throw conflict(name, "pod " + name + " has non-empty .spec.schedulingGates");
    }
    ObjectValue bound = pod.withAt(new StringValue(binding.string("target", "name")), "spec", "nodeName");
    bound = bound.withoutAt("status", "nominatedNodeName");
    for (String field : List.of("annotations", "labels")) {
      ObjectValue added = binding.object("metadata", field);
      if (!added.isEmpty()) {
        ObjectValue.Builder all = bound.object("metadata", field).toBuilder();
        added.forEach(all::put);
        bound = bound.withAt(all.buildSorted(), "metadata", field);
      }
    }
    return bound.withAt(scheduled(context, pod.list("status", "conditions")), "status", "conditions");
  }

  private static ListValue scheduled(RequestContext context, ListValue conditions) {
    ObjectValue condition =
        ObjectValue.builder()
            .put("type", "PodScheduled")
            .put("status", "True")
            .put("lastProbeTime", io.thyra.model.NullValue.NULL)
            .put("lastTransitionTime", context.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .build();
    var all = new ArrayList<Value>(conditions.items());
    for (int i = 0; i < all.size(); i++) {
      if (conditions.object(i).string("type").equals("PodScheduled")) {
        all.set(i, condition);
        return new ListValue(all);
      }
    }
    all.add(condition);
    return new ListValue(all);
  }

  private static void precondition(ObjectValue pod, ObjectValue binding, String name, String field, String word) {
    String wanted = binding.string("metadata", field);
    String actual = pod.string("metadata", field);
    if (!wanted.isEmpty() && !wanted.equals(actual)) {
      String key = "/registry/pods/" + pod.string("metadata", "namespace") + "/" + name;
      throw new Failure.Conflict(
              PODS,
              name,
              "StorageError: invalid object, Code: 4, Key: " + key + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: "
                  + word + " in precondition: " + wanted + ", " + word + " in object meta: " + actual)
          .toException();
    }
  }

  private static io.thyra.model.ApiException conflict(String name, String why) {
    return new Failure.Conflict(BINDING, name, why).toException();
  }
}
