package io.thyra.groups.node;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;

/// `node.k8s.io`: runtime classes.
public final class NodeGroup {
  private NodeGroup() {}

  public static void declare(Group group) {
    group.resource(
        "runtimeclasses",
        r -> {
          r.columns(c -> c.text("Handler", "", o -> o.string("handler")).age().build());
          r.rules().named(Names.DNS_SUBDOMAIN).createsOnUpdate().requiresResourceVersion();
        });
  }
}
