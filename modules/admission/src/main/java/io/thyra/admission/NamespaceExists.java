package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.Registry;

/// Nothing is written to a namespace that is absent. Source: kubernetes plugin/pkg/admission/namespace/exists/admission.go.
final class NamespaceExists implements Plugin {
  private final Registry registry;

  NamespaceExists(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return attributes.operation() != Operation.CONNECT
        && !attributes.namespace().isEmpty()
        && !Resources.isKind(attributes, "", "Namespace");
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    String name = attributes.namespace();
    if (registry.peek(Resources.NAMESPACES, "", name).isEmpty()) {
      registry.get(Resources.NAMESPACES, "", name);
    }
  }
}
