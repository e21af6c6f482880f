package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.machinery.Names;
import io.thyra.model.ObjectValue;

/// Pods.
final class PodRules {
  private PodRules() {}

  static void declare(Group.Declaration r, GroupDependencies needs) {
    r.rules().named(Names.DNS_SUBDOMAIN).dropsStatus().countsGenerations();
    r.statusRules();
  }

  /// The seconds that a deleted pod is given: none before it has a node or after it has ended.
  static long gracePeriod(ObjectValue pod) {
    String phase = pod.string("status", "phase");
    if (pod.string("spec", "nodeName").isEmpty() || phase.equals("Failed") || phase.equals("Succeeded")) {
      return 0;
    }
    long period = pod.integer(0, "spec", "terminationGracePeriodSeconds");
    return period < 0 ? 1 : period;
  }
}
