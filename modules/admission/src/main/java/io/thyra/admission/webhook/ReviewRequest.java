package io.thyra.admission.webhook;

import io.thyra.codec.JsonWriter;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.UUID;

/// The AdmissionReview that a webhook is sent. Source: apiserver pkg/admission/plugin/webhook/request/admissionreview.go.
///
/// @param version of admission.k8s.io: v1 or v1beta1
record ReviewRequest(String uid, String version, Buffer body) {
  /// @return empty when the webhook takes no version that is known here
  static Optional<ReviewRequest> of(Webhook webhook, VersionedRequest versioned) {
    return webhook.reviewVersions().stream()
        .filter(version -> version.equals("v1") || version.equals("v1beta1"))
        .findFirst()
        .map(
            version -> {
              String uid = UUID.randomUUID().toString();
              ObjectValue review =
                  ObjectValue.builder()
                      .put("kind", "AdmissionReview")
                      .put("apiVersion", "admission.k8s.io/" + version)
                      .put("request", request(uid, versioned))
                      .build();
              return new ReviewRequest(uid, version, Buffer.buffer(JsonWriter.write(review)).appendString("\n"));
            });
  }

  private static ObjectValue request(String uid, VersionedRequest versioned) {
    AdmissionAttributes attributes = versioned.attributes();
    var out = ObjectValue.builder().put("uid", uid);
    versioned.describe(out);
    return out.put("object", versioned.object().<Value>map(o -> o).orElse(NullValue.NULL))
        .put("oldObject", versioned.oldObject().<Value>map(o -> o).orElse(NullValue.NULL))
        .put("dryRun", attributes.context().dryRun())
        .put("options", attributes.options().<Value>map(o -> o).orElse(NullValue.NULL))
        .build();
  }
}
