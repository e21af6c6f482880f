package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules of pod templates, asked by the kinds that have one.
public interface PodTemplates {
  /// No rules but those of the kind that has the template.
  PodTemplates NONE = new PodTemplates() {};

  /// @param old the stored template, whose sins may be repeated; null on create
  default void check(ObjectValue template, @Nullable ObjectValue old, FieldPath path, List<FieldError> errors) {}

  default List<String> warnings(ObjectValue template, @Nullable ObjectValue old, FieldPath path) {
    return List.of();
  }

  /// The rules of the claims that come with the pods of a StatefulSet.
  default void checkClaim(ObjectValue claimSpec, FieldPath path, List<FieldError> errors) {}

  default List<String> claimWarnings(ObjectValue claimSpec, FieldPath path) {
    return List.of();
  }
}
