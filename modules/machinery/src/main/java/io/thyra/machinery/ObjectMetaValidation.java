package io.thyra.machinery;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The rules of metadata. Trees are expected in canonical form; errors come in upstream's order.
/// Source: apimachinery pkg/api/validation/objectmeta.go.
public final class ObjectMetaValidation {
  /// The most bytes that the keys and values of all annotations may have.
  public static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;

  public static final String IMMUTABLE = "field is immutable";

  private static final int SUBRESOURCE_BYTES_MAX = 256;
  private static final String ORPHAN = "orphan";
  private static final String FOREGROUND = "foregroundDeletion";

  private ObjectMetaValidation() {}

  /// The rules for metadata at creation, after a name was generated.
  public static List<FieldError> validate(
      ObjectValue metadata, boolean namespaced, Names.NameRule nameRule, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    String generateName = metadata.string("generateName");
    if (!generateName.isEmpty()) {
      for (String message : nameRule.check(generateName, true)) {
        errors.add(FieldError.invalid(path.child("generateName"), generateName, message));
      }
    }
    String name = metadata.string("name");
    if (name.isEmpty()) {
      errors.add(FieldError.required(path.child("name"), "name or generateName is required"));
    } else {
      for (String message : nameRule.check(name, false)) {
        errors.add(FieldError.invalid(path.child("name"), name, message));
      }
    }
    addCommon(errors, metadata, namespaced, path);
    return errors;
  }

  private static void addCommon(List<FieldError> errors, ObjectValue metadata, boolean namespaced, FieldPath path) {
    String namespace = metadata.string("namespace");
    FieldPath namespacePath = path.child("namespace");
    if (namespaced && namespace.isEmpty()) {
      errors.add(FieldError.required(namespacePath, ""));
    } else if (namespaced) {
      Names.dns1123Label(namespace).forEach(e -> errors.add(FieldError.invalid(namespacePath, namespace, e)));
    } else if (!namespace.isEmpty()) {
      errors.add(FieldError.forbidden(namespacePath, "not allowed on this type"));
    }
    errors.addAll(nonNegative(metadata.integer(0, "generation"), path.child("generation")));
    errors.addAll(labels(metadata.object("labels"), path.child("labels")));
    errors.addAll(annotations(metadata.object("annotations"), path.child("annotations")));
    errors.addAll(ownerReferences(metadata.list("ownerReferences"), path.child("ownerReferences")));
    errors.addAll(finalizers(metadata.list("finalizers").strings(), path.child("finalizers")));
    errors.addAll(managedFields(metadata.list("managedFields"), path.child("managedFields")));
  }

  /// What an update may not change. Run it after [#validate] with the path-segment rule, as upstream does.
  public static List<FieldError> validateUpdate(ObjectValue metadata, ObjectValue old, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    if (old.has("deletionTimestamp")) {
      errors.addAll(
          noNewFinalizers(
              metadata.list("finalizers").strings(), old.list("finalizers").strings(), path.child("finalizers")));
    }
    if (metadata.string("resourceVersion").isEmpty()) {
      errors.add(FieldError.invalid(path.child("resourceVersion"), "", "must be specified for an update"));
    }
    long generation = metadata.integer(0, "generation");
    if (generation < old.integer(0, "generation")) {
      errors.add(FieldError.invalid(path.child("generation"), generation, "must not be decremented"));
    }
    for (String field : List.of("name", "namespace", "uid")) {
      errors.addAll(
          immutable(new StringValue(metadata.string(field)), new StringValue(old.string(field)), path.child(field)));
    }
    for (String field : List.of("creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds")) {
      errors.addAll(immutable(metadata.get(field), old.get(field), path.child(field)));
    }
    errors.addAll(labels(metadata.object("labels"), path.child("labels")));
    errors.addAll(annotations(metadata.object("annotations"), path.child("annotations")));
    errors.addAll(ownerReferences(metadata.list("ownerReferences"), path.child("ownerReferences")));
    errors.addAll(managedFields(metadata.list("managedFields"), path.child("managedFields")));
    return errors;
  }

  /// The error of a field that changed though it may not; an absent value prints as null.
  public static List<FieldError> immutable(@Nullable Value value, @Nullable Value old, FieldPath path) {
    Value now = value == null ? NullValue.NULL : value;
    Value before = old == null ? NullValue.NULL : old;
    return now.equals(before) ? List.of() : List.of(FieldError.invalid(path, now, IMMUTABLE));
  }

  public static List<FieldError> nonNegative(long value, FieldPath path) {
    return value < 0
        ? List.of(FieldError.invalid(path, value, "must be greater than or equal to 0"))
        : List.of();
  }

  public static List<FieldError> labels(ObjectValue labels, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    for (int i = 0; i < labels.size(); i++) {
      String key = labels.nameAt(i);
      String value = labels.valueAt(i) instanceof StringValue(String text) ? text : "";
      Names.qualifiedName(key).forEach(e -> errors.add(FieldError.invalid(path, key, e)));
      Names.labelValue(value).forEach(e -> errors.add(FieldError.invalid(path, value, e)));
    }
    return errors;
  }

  public static List<FieldError> annotations(ObjectValue annotations, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    long bytes = 0;
    for (int i = 0; i < annotations.size(); i++) {
      String key = annotations.nameAt(i);
      // Case does not matter in keys of annotations.
      Names.qualifiedName(key.toLowerCase(Locale.ROOT)).forEach(e -> errors.add(FieldError.invalid(path, key, e)));
      bytes += Texts.bytes(key);
      bytes += annotations.valueAt(i) instanceof StringValue(String text) ? Texts.bytes(text) : 0;
    }
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      errors.add(FieldError.tooLong(path, ANNOTATIONS_BYTES_MAX));
    }
    return errors;
  }

  public static List<FieldError> ownerReferences(ListValue references, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    String firstController = "";
    for (ObjectValue reference : references.objects()) {
      addOwnerReference(errors, reference, path);
      if (reference.bool("controller")) {
        String controller = reference.string("kind") + "/" + reference.string("name");
        if (firstController.isEmpty()) {
          firstController = controller;
        } else {
          errors.add(
              FieldError.invalid(
                  path,
                  references,
                  "Only one reference can have Controller set to true. Found \"true\" in references for "
                      + firstController
                      + " and "
                      + controller));
        }
      }
    }
    return errors;
  }

  private static void addOwnerReference(List<FieldError> errors, ObjectValue reference, FieldPath path) {
    GroupVersionKind kind = kindOf(reference.string("apiVersion"), reference.string("kind"));
    if (kind.version().isEmpty()) {
      errors.add(
          FieldError.invalid(path.child("apiVersion"), reference.string("apiVersion"), "version must not be empty"));
    }
    for (String field : List.of("kind", "name", "uid")) {
      if (reference.string(field).isEmpty()) {
        errors.add(FieldError.invalid(path.child(field), "", "must not be empty"));
      }
    }
    if (kind.equals(new GroupVersionKind("", "v1", "Event"))) {
      errors.add(FieldError.invalid(path, reference, "/v1, Kind=Event is disallowed from being an owner"));
    }
  }

  // An apiVersion with two slashes names nothing.
  private static GroupVersionKind kindOf(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    if (apiVersion.indexOf('/', slash + 1) >= 0 && slash >= 0) {
      return new GroupVersionKind("", "", kind);
    }
    return slash < 0
        ? new GroupVersionKind("", apiVersion, kind)
        : new GroupVersionKind(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
  }

  public static List<FieldError> finalizers(List<String> finalizers, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    for (String finalizer : finalizers) {
      Names.qualifiedName(finalizer).forEach(e -> errors.add(FieldError.invalid(path, finalizer, e)));
    }
    if (finalizers.contains(ORPHAN) && finalizers.contains(FOREGROUND)) {
      errors.add(
          FieldError.invalid(
              path,
              ListValue.ofStrings(finalizers),
              "finalizer " + ORPHAN + " and " + FOREGROUND + " cannot be both set"));
    }
    return errors;
  }

  /// An object that is being deleted gets no new finalizers.
  public static List<FieldError> noNewFinalizers(List<String> finalizers, List<String> old, FieldPath path) {
    var extra = new TreeSet<>(Comparator.<String>naturalOrder());
    extra.addAll(finalizers);
    extra.removeAll(new TreeSet<>(old));
    if (extra.isEmpty()) {
      return List.of();
    }
    String printed = "[]string{" + String.join(", ", extra.stream().map(GoText::quote).toList()) + "}";
    return List.of(
        FieldError.forbidden(
            path,
            "no new finalizers can be added if the object is being deleted, found new finalizers " + printed));
  }

  public static List<FieldError> managedFields(ListValue entries, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    for (int i = 0; i < entries.size(); i++) {
      ObjectValue entry = entries.object(i);
      FieldPath at = path.index(i);
      String operation = entry.string("operation");
      if (!operation.equals("Apply") && !operation.equals("Update")) {
        errors.add(FieldError.invalid(at.child("operation"), operation, "must be `Apply` or `Update`"));
      }
      String type = entry.string("fieldsType");
      if (!type.isEmpty() && !type.equals("FieldsV1")) {
        errors.add(FieldError.invalid(at.child("fieldsType"), type, "must be `FieldsV1`"));
      }
      errors.addAll(OptionRules.fieldManager(entry.string("manager"), at.child("manager")));
      if (Texts.bytes(entry.string("subresource")) > SUBRESOURCE_BYTES_MAX) {
        errors.add(FieldError.tooLong(at.child("subresource"), SUBRESOURCE_BYTES_MAX));
      }
    }
    return errors;
  }

  /// The rules of a list of metav1.Condition.
  public static List<FieldError> conditions(ListValue conditions, FieldPath path) {
    var errors = new ArrayList<FieldError>();
    var seen = new TreeSet<String>();
    for (int i = 0; i < conditions.size(); i++) {
      ObjectValue condition = conditions.object(i);
      String type = condition.string("type");
      if (!seen.add(type)) {
        errors.add(FieldError.duplicate(path.index(i).child("type"), type));
      }
      addCondition(errors, condition, path.index(i));
    }
    return errors;
  }

  private static void addCondition(List<FieldError> errors, ObjectValue condition, FieldPath path) {
    String type = condition.string("type");
    Names.qualifiedName(type).forEach(e -> errors.add(FieldError.invalid(path.child("type"), type, e)));
    String status = condition.string("status");
    List<String> statuses = List.of("False", "True", "Unknown");
    if (!statuses.contains(status)) {
      errors.add(FieldError.notSupported(path.child("status"), status, statuses));
    }
    long generation = condition.integer(0, "observedGeneration");
    if (generation < 0) {
      errors.add(
          FieldError.invalid(path.child("observedGeneration"), generation, "must be greater than or equal to zero"));
    }
    if (condition.string("lastTransitionTime").isEmpty()) {
      errors.add(FieldError.required(path.child("lastTransitionTime"), ""));
    }
    String reason = condition.string("reason");
    if (reason.isEmpty()) {
      errors.add(FieldError.required(path.child("reason"), ""));
    } else {
      Words.conditionReason(reason).forEach(e -> errors.add(FieldError.invalid(path.child("reason"), reason, e)));
      if (Texts.bytes(reason) > 1024) {
        errors.add(FieldError.tooLong(path.child("reason"), 1024));
      }
    }
    if (Texts.bytes(condition.string("message")) > 32 * 1024) {
      errors.add(FieldError.tooLong(path.child("message"), 32 * 1024));
    }
  }
}
