package io.thyra.admission;

import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;

/// Who breaks a rule of pod security: the pod as a whole, some of its containers, or both. For one thread.
final class Offenders {
  private final List<String> containers = new ArrayList<>();
  private boolean pod;

  void pod(boolean breaks) {
    pod |= breaks;
  }

  void container(boolean breaks, ObjectValue container) {
    if (breaks) {
      containers.add(container.string("name"));
    }
  }

  boolean isEmpty() {
    return !pod && containers.isEmpty();
  }

  /// The parts of the sentence's subject.
  List<String> parts() {
    var parts = new ArrayList<String>();
    if (pod) {
      parts.add("pod");
    }
    if (!containers.isEmpty()) {
      parts.add(PodCheck.named("container", containers));
    }
    return parts;
  }

  /// `pod and containers "a", "b"`.
  @Override
  public String toString() {
    return String.join(" and ", parts());
  }
}
