package io.thyra.nodes;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;

/// Chooses the container of a pod that is meant. Source: pkg/registry/core/pod/strategy.go validateContainer.
final class Containers {
  private Containers() {}

  /// @param asked the name; empty for the only one
  static String choose(ObjectValue pod, String asked) {
    String podName = pod.string("metadata", "name");
    List<String> names = names(pod);
    if (!asked.isEmpty()) {
      if (!names.contains(asked)) {
        throw new Failure.BadRequest("container " + asked + " is not valid for pod " + podName).toException();
      }
      return asked;
    }
    List<ObjectValue> containers = pod.list("spec", "containers").objects();
    if (containers.size() == 1) {
      return containers.getFirst().string("name");
    }
    String choice = containers.isEmpty() ? "" : ", choose one of: [" + String.join(" ", names) + "]";
    throw new Failure.BadRequest("a container name must be specified for pod " + podName + choice).toException();
  }

  /// In the order that upstream visits them.
  private static List<String> names(ObjectValue pod) {
    var names = new ArrayList<String>();
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      pod.list("spec", list).objects().forEach(container -> names.add(container.string("name")));
    }
    return names;
  }
}
