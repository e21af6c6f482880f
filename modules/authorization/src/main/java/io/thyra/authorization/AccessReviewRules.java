package io.thyra.authorization;

import io.thyra.machinery.SelectorValidation;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with a question about access; each rule hands back what it passes.
/// Source: kubernetes pkg/apis/authorization/validation/validation.go.
final class AccessReviewRules {
  // Upstream names the kind that its decoder has already cleared.
  private static final GroupKind KIND = new GroupKind("authorization.k8s.io", "");
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath RESOURCE = SPEC.child("resourceAttributes");

  private AccessReviewRules() {}

  static ObjectValue subject(ObjectValue review) {
    var errors = new ArrayList<FieldError>();
    attributes(review.object("spec"), true, errors);
    metadata(review, false, errors);
    return passed(review, errors);
  }

  static ObjectValue self(ObjectValue review) {
    var errors = new ArrayList<FieldError>();
    attributes(review.object("spec"), false, errors);
    metadata(review, false, errors);
    return passed(review, errors);
  }

  static ObjectValue local(ObjectValue review) {
    var errors = new ArrayList<FieldError>();
    ObjectValue spec = review.object("spec");
    attributes(spec, true, errors);
    metadata(review, true, errors);
    String namespace = spec.string("resourceAttributes", "namespace");
    if (spec.has("resourceAttributes") && !namespace.equals(review.string("metadata", "namespace"))) {
      errors.add(FieldError.invalid(RESOURCE.child("namespace"), namespace, "must match metadata.namespace"));
    }
    if (spec.has("nonResourceAttributes")) {
      errors.add(FieldError.invalidPrinted(SPEC.child("nonResourceAttributes"), path(spec), "disallowed on this kind of request"));
    }
    return passed(review, errors);
  }

  private static ObjectValue passed(ObjectValue review, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(KIND, "", errors).toException();
    }
    return review;
  }

  private static void attributes(ObjectValue spec, boolean named, List<FieldError> errors) {
    boolean resource = spec.has("resourceAttributes");
    boolean path = spec.has("nonResourceAttributes");
    if (resource && path) {
      errors.add(
          FieldError.invalidPrinted(
              SPEC.child("nonResourceAttributes"), path(spec), "cannot be specified in combination with resourceAttributes"));
    }
    if (!resource && !path) {
      errors.add(
          FieldError.invalidPrinted(RESOURCE, "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
    }
    if (named && spec.string("user").isEmpty() && spec.list("groups").isEmpty()) {
      errors.add(FieldError.invalid(SPEC.child("user"), "", "at least one of user or group must be specified"));
    }
    ObjectValue of = spec.object("resourceAttributes");
    selector(of, "fieldSelector", true, errors);
    selector(of, "labelSelector", false, errors);
  }

  /// Upstream prints its internal type, whose names are those of the fields in Go.
  private static String path(ObjectValue spec) {
    ObjectValue of = spec.object("nonResourceAttributes");
    return "{\"Path\":" + GoText.quote(of.string("path")) + ",\"Verb\":" + GoText.quote(of.string("verb")) + "}";
  }

  private static void selector(ObjectValue of, String name, boolean fields, List<FieldError> errors) {
    if (!of.has(name)) {
      return;
    }
    FieldPath path = RESOURCE.child(name);
    ObjectValue selector = of.object(name);
    ListValue requirements = selector.list("requirements");
    String raw = selector.string("rawSelector");
    if (!raw.isEmpty() && !requirements.isEmpty()) {
      errors.add(FieldError.invalid(path.child("rawSelector"), raw, "may not specified at the same time as requirements"));
    }
    if (raw.isEmpty() && requirements.isEmpty()) {
      errors.add(FieldError.required(path.child("requirements"), "when " + path + " is specified, requirements or rawSelector is required"));
    }
    for (int i = 0; i < requirements.size(); i++) {
      FieldPath at = path.child("requirements").index(i);
      ObjectValue requirement = requirements.object(i);
      errors.addAll(
          fields
              ? SelectorValidation.fieldRequirement(requirement, true, at)
              : SelectorValidation.labelRequirement(requirement, false, true, at));
    }
  }

  private static void metadata(ObjectValue review, boolean namespaced, List<FieldError> errors) {
    ObjectValue metadata = review.object("metadata");
    ObjectValue rest = metadata.without("managedFields");
    rest = namespaced ? rest.without("namespace") : rest;
    if (!rest.isEmpty()) {
      errors.add(
          FieldError.invalid(FieldPath.of("metadata"), metadata, namespaced ? "must be empty except for namespace" : "must be empty"));
    }
  }
}
