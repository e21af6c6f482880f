package io.thyra.admission;

import io.thyra.model.ApiException;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;

/// Makes the namespace that something is created in. Source: kubernetes plugin/pkg/admission/namespace/autoprovision.
final class NamespaceAutoProvision implements Plugin {
  private final Registry registry;

  NamespaceAutoProvision(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes)
        && !attributes.context().dryRun()
        && !attributes.namespace().isEmpty()
        && !Resources.isKind(attributes, "", "Namespace");
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    String name = attributes.namespace();
    if (registry.peek(Resources.NAMESPACES, "", name).isPresent()) {
      return attributes;
    }
    ObjectValue namespace =
        ObjectValue.builder()
            .put("kind", "Namespace")
            .put("apiVersion", "v1")
            .put("metadata", ObjectValue.builder().put("name", name).build())
            .build();
    try {
      registry.create(Registry.SYSTEM_ACTOR, Resources.NAMESPACES, namespace);
    } catch (ApiException e) {
      switch (e.status().reason()) {
        case "AlreadyExists" -> {}
        // Not wrapped twice.
        case "Forbidden" -> throw e;
        default -> throw Refusal.forbidden(attributes, e.getMessage());
      }
    }
    return attributes;
  }
}
