package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes;

/// Says yes to everything; kept because its name is. Source: kubernetes plugin/pkg/admission/admit/admission.go.
final class AlwaysAdmit implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return false;
  }
}
