package io.thyra.groups;

import io.thyra.machinery.Names.NameRule;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.schema.FieldSchema;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.List;

/// The metadata of an object, checked as a kind's own validation does: the form of its name comes first. What every kind
/// shares is checked by [io.thyra.machinery.ObjectMetaValidation].
public final class MetadataRules {
  private static final List<String> STANDARD_FINALIZERS = List.of("kubernetes", "orphan", "foregroundDeletion");

  private static final Struct OBJECT_META =
      GoStruct.at(Schemas.builtin().findKind(new GroupVersionKind("", "v1", "Namespace")).orElseThrow(), "metadata");

  private MetadataRules() {}

  public static void check(ObjectValue metadata, boolean namespaced, NameRule rule, FieldPath path, List<FieldError> errors) {
    check(metadata, namespaced, rule, path, false, errors);
  }

  /// @param anyFinalizers whether finalizers need not be standard or qualified names
  static void check(
      ObjectValue metadata, boolean namespaced, NameRule rule, FieldPath path, boolean anyFinalizers, List<FieldError> errors) {
    errors.addAll(ObjectMetaValidation.validate(metadata, namespaced, rule, path));
    if (!anyFinalizers) {
      finalizers(metadata, path, errors);
    }
  }

  /// The metadata of objects that will be made of a template: labels and annotations, and nothing else.
  public static void template(ObjectValue metadata, FieldPath path, List<FieldError> errors) {
    errors.addAll(ObjectMetaValidation.annotations(metadata.object("annotations"), path.child("annotations")));
    errors.addAll(ObjectMetaValidation.labels(metadata.object("labels"), path.child("labels")));
    for (FieldSchema field : OBJECT_META.fields()) {
      String name = field.name();
      boolean set = !Rules.isEmpty(metadata.get(name)) || metadata.get(name) instanceof ListValue || metadata.saidEmpty(name);
      if (set && !name.equals("annotations") && !name.equals("labels")) {
        errors.add(FieldError.forbidden(path.child(name.equals("uid") ? "uID" : name), "cannot be set"));
      }
    }
  }

  public static void checkUpdate(ObjectValue metadata, ObjectValue old, FieldPath path, List<FieldError> errors) {
    checkUpdate(metadata, old, path, false, errors);
  }

  static void checkUpdate(ObjectValue metadata, ObjectValue old, FieldPath path, boolean anyFinalizers, List<FieldError> errors) {
    errors.addAll(ObjectMetaValidation.validateUpdate(metadata, old, path));
    if (!anyFinalizers) {
      finalizers(metadata, path, errors);
    }
  }

  private static void finalizers(ObjectValue metadata, FieldPath path, List<FieldError> errors) {
    List<String> finalizers = metadata.list("finalizers").strings();
    for (int i = 0; i < finalizers.size(); i++) {
      String finalizer = finalizers.get(i);
      if (finalizer.indexOf('/') < 0 && !STANDARD_FINALIZERS.contains(finalizer)) {
        errors.add(
            FieldError.invalid(
                path.child("finalizers").index(i),
                finalizer,
                "name is neither a standard finalizer name nor is it fully qualified"));
      }
    }
  }
}
