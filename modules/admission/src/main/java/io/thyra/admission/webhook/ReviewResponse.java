package io.thyra.admission.webhook;

import io.thyra.codec.DecodeException;
import io.thyra.codec.GoBase64;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a webhook answers. Source: apiserver pkg/admission/plugin/webhook/request/admissionreview.go.
///
/// @param patch the JSON patch; empty for none
/// @param patchType as the webhook names it
/// @param annotations for the audit log, without the name of the webhook before their keys
/// @param status what is told of a refusal; empty when it says nothing
record ReviewResponse(
    boolean allowed,
    byte[] patch,
    String patchType,
    Optional<ObjectValue> status,
    List<String> warnings,
    Map<String, String> annotations) {
  private static final String GROUP = "admission.k8s.io/";

  static ReviewResponse read(ObjectValue review, ReviewRequest request, boolean mutating) throws CallFailure {
    ReviewResponse response;
    try {
      checkType(review, request.version());
      response = response(review);
    } catch (DecodeException e) {
      throw new CallFailure("failed to call webhook: " + e.text());
    }
    verify(review, response, request, mutating);
    boolean pinned = request.version().equals("v1beta1") && response.patch().length > 0;
    return pinned
        ? new ReviewResponse(response.allowed(), response.patch(), "JSONPatch", response.status(), response.warnings(), response.annotations())
        : response;
  }

  private static void checkType(ObjectValue review, String expected) {
    String kind = review.string("kind").isEmpty() ? "AdmissionReview" : review.string("kind");
    String version = review.string("apiVersion").isEmpty() ? GROUP + expected : review.string("apiVersion");
    boolean known = version.equals(GROUP + "v1") || version.equals(GROUP + "v1beta1");
    if (!known || !kind.equals("AdmissionReview")) {
      throw new DecodeException(
          "no kind " + GoText.quote(kind) + " is registered for version " + GoText.quote(version) + " in scheme \"pkg/runtime/scheme.go:111\"");
    }
    if (!version.equals(GROUP + expected)) {
      throw new DecodeException(
          "converting (" + version.substring(GROUP.length()) + ".AdmissionReview) to (" + expected + ".AdmissionReview): unknown conversion");
    }
  }

  private static ReviewResponse response(ObjectValue review) {
    ObjectValue response = review.object("response");
    byte[] patch = new byte[0];
    String encoded = ReviewFields.text(response, "patch", "[]uint8");
    if (!encoded.isEmpty()) {
      patch = GoBase64.decode(encoded);
    }
    ReviewFields.text(response, "uid", "types.UID");
    return new ReviewResponse(
        ReviewFields.flag(response, "allowed"),
        patch,
        ReviewFields.text(response, "patchType", "v1.PatchType"),
        response.get("status") instanceof ObjectValue status ? Optional.of(status) : Optional.empty(),
        response.list("warnings").strings(),
        response.object("auditAnnotations").strings());
  }

  private static void verify(ObjectValue review, ReviewResponse response, ReviewRequest request, boolean mutating) throws CallFailure {
    if (!(review.get("response") instanceof ObjectValue told)) {
      throw invalid("webhook response was absent");
    }
    if (request.version().equals("v1beta1")) {
      return;
    }
    if (!told.string("uid").equals(request.uid())) {
      throw invalid("expected response.uid=" + GoText.quote(request.uid()) + ", got " + GoText.quote(told.string("uid")));
    }
    String kind = review.string("kind");
    String version = review.string("apiVersion");
    if (!kind.equals("AdmissionReview") || !version.equals(GROUP + "v1")) {
      String got = (version.isEmpty() ? "/" : version) + ", Kind=" + kind;
      throw invalid("expected webhook response of " + GROUP + "v1, Kind=AdmissionReview, got " + got);
    }
    boolean typed = told.has("patchType") && !told.get("patchType").isNull();
    if (!mutating && response.patch().length > 0) {
      throw invalid("validating webhook may not return response.patch");
    }
    if (!mutating && typed) {
      throw invalid("validating webhook may not return response.patchType");
    }
    if (response.patch().length > 0 && !typed) {
      throw invalid("webhook returned response.patch but not response.patchType");
    }
    if (response.patch().length == 0 && typed) {
      throw invalid("webhook returned response.patchType but not response.patch");
    }
    if (typed && response.patchType().isEmpty()) {
      throw invalid("webhook returned invalid response.patchType of \"\"");
    }
  }

  private static CallFailure invalid(String why) {
    return new CallFailure("received invalid webhook response: " + why);
  }
}
