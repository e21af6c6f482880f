package io.thyra.group;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.registry.Metadata;

/// Compares the names in an object with those in the path. Source: apiserver pkg/endpoints/handlers/rest.go, checkName.
final class ObjectNames {
  private ObjectNames() {}

  /// The object in the namespace of the path.
  static ObjectValue check(ResourceRequest request, ObjectValue object) {
    boolean namespaces =
        request.request().info().resource().equals("namespaces") && request.request().info().group().isEmpty();
    String namespace = namespaces ? "" : request.namespace();
    String own = Metadata.namespace(object);
    if (!own.equals(namespace) && !own.isEmpty() && !namespace.isEmpty()) {
      throw new Failure.BadRequest("the namespace of the provided object does not match the namespace sent on the request")
          .toException();
    }
    ObjectValue placed = Metadata.with(object, "namespace", namespace);
    String name = Metadata.name(object);
    if (name.isEmpty()) {
      throw new Failure.BadRequest(
              "the name of the object (" + request.name() + " based on URL) was undeterminable: name must be provided")
          .toException();
    }
    if (!name.equals(request.name())) {
      throw new Failure.BadRequest(
              "the name of the object (" + name + ") does not match the name on the URL (" + request.name() + ")")
          .toException();
    }
    return placed;
  }
}
