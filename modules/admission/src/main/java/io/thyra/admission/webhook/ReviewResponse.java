package io.thyra.admission.webhook;

import io.thyra.admission.webhook.WebhookClient.Answer;
import io.thyra.codec.DecodeException;
import io.thyra.codec.GoBase64;
import io.thyra.codec.YamlReader;
import io.thyra.model.GoText;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// What a webhook answers. Source: apiserver pkg/admission/plugin/webhook/request/admissionreview.go, client-go
/// rest/request.go.
///
/// @param patch the JSON patch; empty for none
/// @param patchType as the webhook names it
/// @param status what is told of a refusal; empty when it says nothing
record ReviewResponse(
    boolean allowed, byte[] patch, String patchType, Optional<ObjectValue> status, List<String> warnings) {
  private static final String GROUP = "admission.k8s.io/";
  private static final String TYPE_META =
      "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";
  private static final int TOLD_BYTES_MAX = 2048;

  static ReviewResponse read(Answer answer, ReviewRequest request, boolean mutating) throws CallFailure {
    ObjectValue review;
    try {
      review = review(answer, request);
    } catch (DecodeException e) {
      throw new CallFailure("failed to call webhook: " + e.text());
    }
    ReviewResponse response;
    try {
      response = response(review);
    } catch (DecodeException e) {
      throw new CallFailure("failed to call webhook: " + e.text());
    }
    verify(review, response, request, mutating);
    boolean pinned = request.version().equals("v1beta1") && response.patch().length > 0;
    return pinned
        ? new ReviewResponse(response.allowed(), response.patch(), "JSONPatch", response.status(), response.warnings())
        : response;
  }

  private static ObjectValue review(Answer answer, ReviewRequest request) {
    if (answer.code() < 200 || answer.code() > 206) {
      throw new DecodeException(refusal(answer));
    }
    if (answer.body().length() == 0) {
      throw new DecodeException("0-length response with status code: " + answer.code() + " and content type: " + answer.contentType());
    }
    Value root = YamlReader.read(answer.body().getBytes()).root();
    if (!(root instanceof ObjectValue review)) {
      if (root instanceof NullValue) {
        return ObjectValue.EMPTY;
      }
      throw new DecodeException(
          "couldn't get version/kind; json parse error: json: cannot unmarshal " + root.jsonType() + " into Go value of type " + TYPE_META);
    }
    checkType(review, request.version());
    return review;
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

  /// What an answer that is an error says, as client-go words it.
  private static String refusal(Answer answer) {
    String text = answer.body().toString(StandardCharsets.UTF_8);
    Optional<String> told = toldStatus(text);
    if (told.isPresent()) {
      return told.get();
    }
    boolean plain = answer.contentType().isEmpty() || answer.contentType().startsWith("text/");
    String message = plain ? text.substring(0, Math.min(text.length(), TOLD_BYTES_MAX)).strip() : "unknown";
    return switch (answer.code()) {
      case 400 -> "the server rejected our request for an unknown reason";
      case 401 -> "the server has asked for the client to provide credentials";
      case 403 -> message;
      case 404 -> "the server could not find the requested resource";
      case 405 -> "the server does not allow this method on the requested resource";
      case 406 -> "the server was unable to respond with a content type that the client supports";
      case 409 -> "the server reported a conflict";
      case 415 -> "the body of the request was in an unknown format";
      case 422 -> "the server rejected our request due to an error in our request";
      case 429 -> "the server has received too many requests and has asked us to try again later";
      case 503 -> "the server is currently unable to handle the request";
      case 504 -> "the server was unable to return a response in the time allotted, but may still be processing the request";
      default ->
          answer.code() >= 500
              ? "an error on the server (" + GoText.quote(message) + ") has prevented the request from succeeding"
              : "the server responded with the status code " + answer.code() + " but did not return more information";
    };
  }

  private static Optional<String> toldStatus(String text) {
    try {
      return YamlReader.read(text.getBytes(StandardCharsets.UTF_8)).root() instanceof ObjectValue status
              && status.string("kind").equals("Status")
              && status.string("apiVersion").equals("v1")
              && !status.string("status").equals("Success")
          ? Optional.of(status.string("message"))
          : Optional.empty();
    } catch (DecodeException _) {
      return Optional.empty();
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
        response.list("warnings").strings());
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
