package io.thyra.groups.node;

import io.thyra.groups.Group;

/// `node.k8s.io`: runtime classes.
public final class NodeGroup {
  private NodeGroup() {}

  public static void declare(Group group) {
    group.resource(
        "runtimeclasses",
        r -> {
          r.columns(c -> c.text("Handler", "", o -> o.string("handler")).age().build());
          RuntimeClassRules.declare(r);
        });
  }
}
