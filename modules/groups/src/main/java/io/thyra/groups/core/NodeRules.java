package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;

/// Nodes.
final class NodeRules {
  private NodeRules() {}

  static void declare(Group.Declaration r) {
    r.rules().named(Names.DNS_SUBDOMAIN);
    r.statusRules();
  }
}
