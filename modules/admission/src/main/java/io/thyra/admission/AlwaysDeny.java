package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes;

/// Says no to everything. Source: kubernetes plugin/pkg/admission/deny/admission.go.
final class AlwaysDeny implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return true;
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    throw Refusal.forbidden(attributes, "admission control is denying all modifications");
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    throw Refusal.forbidden(attributes, "admission control is denying all modifications");
  }
}
