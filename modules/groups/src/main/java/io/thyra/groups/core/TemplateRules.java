package io.thyra.groups.core;

import io.thyra.groups.PodTemplates;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods that other kinds make. Source: pkg/apis/core/validation/validation.go, ValidatePodTemplateSpec.
public record TemplateRules(boolean privilegedPods) implements PodTemplates {
  @Override
  public void check(ObjectValue template, @Nullable ObjectValue old, FieldPath path, List<FieldError> errors) {
    ObjectValue metadata = template.object("metadata");
    errors.addAll(ObjectMetaValidation.labels(metadata.object("labels"), path.child("labels")));
    errors.addAll(ObjectMetaValidation.annotations(metadata.object("annotations"), path.child("annotations")));
    PodAnnotations.check(metadata.object("annotations"), template.object("spec"), path.child("annotations"), errors);
    PodValidation.spec(template.object("spec"), privilegedPods, path.child("spec"), errors);
    PodAnnotations.agree(metadata.object("annotations"), template.object("spec"), path.child("spec"), errors);
    if (!template.list("spec", "ephemeralContainers").isEmpty()) {
      errors.add(
          FieldError.forbidden(path.child("spec", "ephemeralContainers"), "ephemeral containers not allowed in pod template"));
    }
  }

  @Override
  public List<String> warnings(ObjectValue template, @Nullable ObjectValue old, FieldPath path) {
    return PodWarnings.of(template, path);
  }

  @Override
  public void checkClaim(ObjectValue claimSpec, FieldPath path, List<FieldError> errors) {
    VolumeRules.claimSpec(claimSpec, path, errors);
  }

  @Override
  public List<String> claimWarnings(ObjectValue claimSpec, FieldPath path) {
    var out = new ArrayList<String>();
    PodWarnings.claim(claimSpec, path, out);
    return out;
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
