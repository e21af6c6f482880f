package io.thyra.groups.core;

import io.thyra.groups.PodTemplates;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods that other kinds make. Source: pkg/apis/core/validation/validation.go, ValidatePodTemplateSpec.
public record TemplateRules(boolean privilegedPods) implements PodTemplates {
  @Override
  public void check(ObjectValue template, @Nullable ObjectValue old, FieldPath path, List<FieldError> errors) {
    ObjectValue metadata = template.object("metadata");
    errors.addAll(ObjectMetaValidation.labels(metadata.object("labels"), path.child("labels")));
    errors.addAll(ObjectMetaValidation.annotations(metadata.object("annotations"), path.child("annotations")));
    PodValidation.spec(template.object("spec"), privilegedPods, path.child("spec"), errors);
    if (!template.list("spec", "ephemeralContainers").isEmpty()) {
      errors.add(
          FieldError.forbidden(path.child("spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template"));
    }
  }

  /// What a pod needs beyond its containers, as a RuntimeClass says.
  public static void overhead(ObjectValue amounts, FieldPath path, List<FieldError> errors) {
    ContainerValidation.resources(ObjectValue.of("limits", amounts), path, errors);
  }

  public static void tolerations(ObjectValue object, FieldPath path, List<FieldError> errors) {
    PodValidation.tolerations(object, path, errors);
  }

  public static void containerResource(String name, FieldPath path, List<FieldError> errors) {
    ResourceNames.checkContainer(name, path, errors);
  }
}
