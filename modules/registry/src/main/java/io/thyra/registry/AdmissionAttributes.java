package io.thyra.registry;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import io.thyra.model.ObjectValue;
import java.util.Optional;

/// What admission is asked about. The object is in the hub version; `kind` and `resource` are those of the request.
///
/// @param object what is to be stored; empty for a delete
/// @param oldObject what is stored; empty for a create
/// @param options the options object of the request (CreateOptions, DeleteOptions, …), empty where there is none
public record AdmissionAttributes(
    Operation operation,
    GroupVersionKind kind,
    GroupVersionResource resource,
    String subresource,
    String namespace,
    String name,
    Optional<ObjectValue> object,
    Optional<ObjectValue> oldObject,
    Optional<ObjectValue> options,
    RequestContext context) {
  public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  public AdmissionAttributes withObject(ObjectValue changed) {
    return new AdmissionAttributes(
        operation, kind, resource, subresource, namespace, name, Optional.of(changed), oldObject, options, context);
  }
}
