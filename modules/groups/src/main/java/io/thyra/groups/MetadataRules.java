package io.thyra.groups;

import io.thyra.machinery.Names.NameRule;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;

/// The metadata of an object, checked as a kind's own validation does: the form of its name comes first. What every kind
/// shares is checked by [io.thyra.machinery.ObjectMetaValidation].
public final class MetadataRules {
  private MetadataRules() {}

  public static void check(ObjectValue metadata, boolean namespaced, NameRule rule, FieldPath path, List<FieldError> errors) {
    errors.addAll(io.thyra.machinery.ObjectMetaValidation.validate(metadata, namespaced, rule, path));
  }

  public static void checkUpdate(ObjectValue metadata, ObjectValue old, FieldPath path, List<FieldError> errors) {
    errors.addAll(io.thyra.machinery.ObjectMetaValidation.validateUpdate(metadata, old, path));
  }
}
