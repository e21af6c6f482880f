package io.thyra.extensions;

import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;

/// Whether a definition in one of the groups of the Kubernetes community says who approved it.
/// Source: apiextensions-apiserver pkg/apihelpers/helpers.go.
///
/// @param reason the words of errors and of the condition
record ApiApproval(State state, String annotation, String reason) {
  static final String ANNOTATION = "api-approved.kubernetes.io";

  private static final String SEE = ", see https://github.com/kubernetes/enhancements/pull/1111";

  enum State {
    INVALID,
    APPROVED,
    BYPASSED,
    MISSING
  }

  static boolean isProtected(String group) {
    return group.equals("k8s.io")
        || group.endsWith(".k8s.io")
        || group.equals("kubernetes.io")
        || group.endsWith(".kubernetes.io");
  }

  static ApiApproval of(ObjectValue definition) {
    String annotation = definition.string("metadata", "annotations", ANNOTATION);
    String must = "protected groups must have approval annotation " + GoText.quote(ANNOTATION);
    if (annotation.isEmpty()) {
      return new ApiApproval(State.MISSING, annotation, must + SEE);
    }
    if (annotation.startsWith("unapproved")) {
      return new ApiApproval(State.BYPASSED, annotation, "not approved: " + GoText.quote(annotation));
    }
    if (Urls.hasSchemeAndHost(annotation)) {
      return new ApiApproval(State.APPROVED, annotation, "approved in " + annotation);
    }
    return new ApiApproval(
        State.INVALID, annotation, must + " with either a URL or a reason starting with \"unapproved\"" + SEE);
  }
}
