package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;

/// A group of pods that names a workload names one that is there and has the template.
/// Source: kubernetes plugin/pkg/admission/podgroup/admission.go.
final class PodGroupWorkloadExists implements Plugin {
  private final Registry registry;

  PodGroupWorkloadExists(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.POD_GROUPS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    if (!(Resources.object(attributes).at("spec", "podGroupTemplateRef", "workload") instanceof ObjectValue reference)) {
      return;
    }
    String name = reference.string("workloadName");
    String template = reference.string("podGroupTemplateName");
    ObjectValue workload =
        registry
            .peek(Resources.WORKLOADS, attributes.namespace(), name)
            .or(() -> registry.find(Resources.WORKLOADS, attributes.namespace(), name))
            .orElseThrow(() -> Refusal.forbidden(attributes, "PodGroup rejected: Workload " + GoText.quote(name) + " not found"));
    if (Metadata.deletionTimestamp(workload) != null) {
      throw Refusal.forbidden(attributes, "PodGroup rejected: Workload " + GoText.quote(name) + " is being deleted");
    }
    boolean known =
        workload.list("spec", "podGroupTemplates").objects().stream().anyMatch(t -> t.string("name").equals(template));
    if (!known) {
      throw Refusal.forbidden(
          attributes,
          "PodGroup rejected: PodGroupTemplate " + GoText.quote(template) + " not found in Workload " + GoText.quote(name));
    }
  }
}
