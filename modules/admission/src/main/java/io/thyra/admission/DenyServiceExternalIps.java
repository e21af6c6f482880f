package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import java.util.List;

/// No service gets new external addresses; those that it has stay.
/// Source: kubernetes plugin/pkg/admission/network/denyserviceexternalips/admission.go.
final class DenyServiceExternalIps implements Plugin {
  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.SERVICES);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    List<String> old = addresses(Resources.oldObject(attributes));
    if (!old.containsAll(addresses(Resources.object(attributes)))) {
      throw Refusal.forbidden(attributes, "Use of external IPs is denied by admission control");
    }
  }

  private static List<String> addresses(ObjectValue service) {
    return service.list("spec", "externalIPs").strings();
  }
}
