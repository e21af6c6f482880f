package io.thyra.admission;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;

/// No pod keeps others off more than its own node. Source: kubernetes plugin/pkg/admission/antiaffinity/admission.go.
final class LimitPodHardAntiAffinityTopology implements Plugin {
  private static final String HOST = "kubernetes.io/hostname";

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    String terms = "requiredDuringSchedulingIgnoredDuringExecution";
    for (ObjectValue term : pod.list("spec", "affinity", "podAntiAffinity", terms).objects()) {
      String key = term.string("topologyKey");
      if (!key.equals(HOST)) {
        throw new Failure.Forbidden(
                attributes.resource().groupResource(),
                Metadata.name(pod),
                "affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + key + " but only key " + HOST + " is allowed")
            .toException();
      }
    }
  }
}
