package io.thyra.admission.webhook;

import io.thyra.codec.JsonWriter;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.TreeMap;
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
    var out =
        ObjectValue.builder()
            .put("uid", uid)
            .put("kind", kind(versioned.match().kind()))
            .put("resource", resource(versioned.match().resource()));
    putText(out, "subResource", attributes.subresource());
    out.put("requestKind", kind(attributes.kind())).put("requestResource", resource(attributes.resource()));
    putText(out, "requestSubResource", attributes.subresource());
    putText(out, "name", attributes.name());
    putText(out, "namespace", attributes.namespace());
    return out.put("operation", attributes.operation().name())
        .put("userInfo", user(attributes.context().user()))
        .put("object", versioned.object().<Value>map(o -> o).orElse(NullValue.NULL))
        .put("oldObject", versioned.oldObject().<Value>map(o -> o).orElse(NullValue.NULL))
        .put("dryRun", attributes.context().dryRun())
        .put("options", attributes.options().<Value>map(o -> o).orElse(NullValue.NULL))
        .build();
  }

  private static void putText(ObjectValue.Builder out, String name, String text) {
    if (!text.isEmpty()) {
      out.put(name, text);
    }
  }

  private static ObjectValue kind(GroupVersionKind kind) {
    return ObjectValue.builder().put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind()).build();
  }

  private static ObjectValue resource(GroupVersionResource resource) {
    return ObjectValue.builder()
        .put("group", resource.group())
        .put("version", resource.version())
        .put("resource", resource.resource())
        .build();
  }

  private static ObjectValue user(UserInfo user) {
    var out = ObjectValue.builder();
    putText(out, "username", user.name());
    putText(out, "uid", user.uid());
    if (!user.groups().isEmpty()) {
      out.put("groups", ListValue.ofStrings(user.groups()));
    }
    if (!user.extra().isEmpty()) {
      var extra = ObjectValue.builder();
      new TreeMap<>(user.extra()).forEach((key, values) -> extra.put(key, ListValue.ofStrings(values)));
      out.put("extra", extra.build());
    }
    return out.build();
  }
}
