package io.thyra.admission.webhook;

import io.thyra.admission.RuleMatcher;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import java.util.Optional;

/// A request with its objects in the version that a rule asks for.
///
/// @param match the resource and kind of that version
/// @param object as the version prints it; empty for a delete
/// @param oldObject as the version prints it; empty for a create
public record VersionedRequest(
    AdmissionAttributes attributes, RuleMatcher.Match match, Optional<ObjectValue> object, Optional<ObjectValue> oldObject) {
  /// Says what the request is about: the members of an AdmissionRequest from `kind` to `userInfo`.
  public void describe(ObjectValue.Builder out) {
    out.put("kind", kind(match.kind())).put("resource", resource(match.resource()));
    text(out, "subResource", attributes.subresource());
    out.put("requestKind", kind(attributes.kind())).put("requestResource", resource(attributes.resource()));
    text(out, "requestSubResource", attributes.subresource());
    text(out, "name", attributes.name());
    text(out, "namespace", attributes.namespace());
    out.put("operation", attributes.operation().name()).put("userInfo", attributes.context().user().toValue());
  }

  private static void text(ObjectValue.Builder out, String name, String text) {
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
}
