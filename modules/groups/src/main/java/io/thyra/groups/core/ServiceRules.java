package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;

/// Services.
final class ServiceRules {
  private ServiceRules() {}

  static void declare(Group.Declaration r, ServiceAllocators allocators) {
    r.rules().named(Names.DNS_LABEL).createsOnUpdate().dropsStatus();
    r.statusRules();
  }
}
