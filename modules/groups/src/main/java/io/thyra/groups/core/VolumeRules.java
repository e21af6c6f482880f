package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;

/// Persistent volumes and the claims on them.
final class VolumeRules {
  private VolumeRules() {}

  static void declareVolume(Group.Declaration r) {
    r.rules().named(Names.DNS_SUBDOMAIN).dropsStatus();
    r.statusRules();
  }

  static void declareClaim(Group.Declaration r) {
    r.rules().named(Names.DNS_SUBDOMAIN).dropsStatus();
    r.statusRules();
  }
}
