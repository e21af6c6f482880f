package io.thyra.groups.extensions;

import io.thyra.groups.Group;
import io.thyra.machinery.Names;

/// `apiextensions.k8s.io` and `apiregistration.k8s.io` as stored resources. What they bring about is the business of
/// those who serve custom resources and extension servers.
public final class ExtensionGroups {
  private ExtensionGroups() {}

  public static void declareDefinitions(Group group) {
    group.resource(
        "customresourcedefinitions",
        r -> {
          r.storedUnder("apiextensions.k8s.io/customresourcedefinitions");
          r.rules().named(Names.DNS_SUBDOMAIN).dropsStatus().countsGenerations();
          r.statusRules().resetsMetadata();
        });
  }

  public static void declareServices(Group group) {
    group.resource(
        "apiservices",
        r -> {
          r.storedUnder("apiregistration.k8s.io/apiservices").columns(ServiceColumns::of);
          ServiceRules.declare(r);
        });
  }
}
