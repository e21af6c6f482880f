package io.thyra.admission;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The parallelism of a job stays while its pods are scheduled as one gang.
/// Source: kubernetes plugin/pkg/admission/job/admission.go.
final class JobValidation implements Plugin {
  private final Registry registry;

  JobValidation(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.updates(attributes) && Resources.isWhole(attributes, Resources.JOBS);
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue job = Resources.object(attributes);
    ObjectValue old = Resources.oldObject(attributes);
    @Nullable Value wanted = job.at("spec", "parallelism");
    if (Objects.equals(wanted, old.at("spec", "parallelism"))) {
      return;
    }
    gang(old)
        .ifPresent(
            group -> {
              throw Refusal.forbidden(
                  attributes,
                  "cannot change parallelism for a Job referencing gang-scheduled PodGroup " + GoText.quote(Metadata.name(group)));
            });
  }

  private Optional<ObjectValue> gang(ObjectValue job) {
    String namespace = Metadata.namespace(job);
    String named = job.string("spec", "template", "spec", "schedulingGroup", "podGroupName");
    if (!named.isEmpty()) {
      return registry.peek(Resources.POD_GROUPS, namespace, named).filter(JobValidation::isGang);
    }
    return registry.peekAll(Resources.POD_GROUPS, namespace).stream()
        .filter(g -> isControlledBy(g, job) && isGang(g))
        .findFirst();
  }

  private static boolean isGang(ObjectValue group) {
    return group.object("spec", "schedulingPolicy").has("gang");
  }

  private static boolean isControlledBy(ObjectValue group, ObjectValue job) {
    return group.list("metadata", "ownerReferences").objects().stream()
        .anyMatch(r -> r.bool("controller") && r.string("uid").equals(Metadata.uid(job)));
  }
}
