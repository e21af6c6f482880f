package io.thyra.admission;

import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

/// What a plugin answers when it refuses. Source: apiserver pkg/admission/errors.go.
public final class Refusal {
  private Refusal() {}

  /// 403, naming the object as far as it has a name yet.
  public static ApiException forbidden(AdmissionAttributes attributes, String why) {
    return new Failure.Forbidden(attributes.resource().groupResource(), name(attributes), why).toException();
  }

  /// 403 as above, with one more cause for programs.
  static ApiException forbidden(AdmissionAttributes attributes, String why, Status.Cause cause) {
    Status plain = forbidden(attributes, why).status();
    Status.Details details = Objects.requireNonNull(plain.details());
    var causes = new ArrayList<>(details.causes());
    causes.add(cause);
    var more =
        new Status.Details(
            details.name(), details.group(), details.kind(), details.uid(), causes, details.retryAfterSeconds());
    return new Failure.Told(Status.failure(plain.code(), plain.reason(), plain.message(), more)).toException();
  }

  static ApiException notFound(GroupResource resource, String name) {
    return new Failure.NotFound(resource, name).toException();
  }

  /// An error that upstream forgot to give a reason.
  static ApiException plain(String message) {
    return new Failure.Unclassified(500, message).toException();
  }

  private static String name(AdmissionAttributes attributes) {
    if (!attributes.name().isEmpty()) {
      return attributes.name();
    }
    ObjectValue object = Resources.object(attributes);
    if (object.isEmpty()) {
      return "Unknown";
    }
    if (!object.has("metadata")) {
      // A slash stands in no name.
      return "Unknown/errorGettingName";
    }
    String name = Metadata.name(object);
    if (!name.isEmpty()) {
      return name;
    }
    String prefix = object.string("metadata", "generateName");
    return prefix.isEmpty() ? "Unknown" : prefix;
  }

  /// Several errors as one text, equal ones once. Source: apimachinery pkg/util/errors/errors.go.
  static String aggregate(List<String> errors) {
    var distinct = new LinkedHashSet<>(errors);
    return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
  }
}
