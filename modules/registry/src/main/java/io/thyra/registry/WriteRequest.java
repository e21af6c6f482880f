package io.thyra.registry;

import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import java.util.Optional;

/// A request that writes, as far as every kind treats it alike.
///
/// @param context who asks for what, and where warnings go
/// @param version the version of the kind that the request speaks
/// @param manager the owner of the fields that it sets: the fieldManager of the query, or made of the User-Agent
/// @param options the options object (CreateOptions, UpdateOptions, DeleteOptions) as admission is told it, with apiVersion and kind
public record WriteRequest(RequestContext context, VersionedType version, String manager, Optional<ObjectValue> options) {
  /// The resource of the request, which errors name.
  public GroupResource resource() {
    return context.info().groupResource();
  }

  /// Whether nothing may be stored.
  public boolean dryRun() {
    return context.dryRun();
  }

  /// The namespace that an object of the request must have: none for the namespaces themselves, though their path names one.
  String objectNamespace() {
    return isNamespaces() ? "" : context.info().namespace();
  }

  private boolean isNamespaces() {
    return context.info().resource().equals("namespaces") && context.info().group().isEmpty();
  }

  AdmissionAttributes attributes(
      AdmissionAttributes.Operation operation, String name, Optional<ObjectValue> object, Optional<ObjectValue> old) {
    var info = context.info();
    String namespace = info.namespace().isEmpty() && isNamespaces() ? name : info.namespace();
    return new AdmissionAttributes(
        operation,
        version.kind(),
        info.groupVersionResource(),
        info.subresource(),
        namespace,
        name,
        object,
        old,
        options.map(o -> withKind(o, operation)),
        context);
  }

  /// The options of an update that creates are told as those of a create.
  private static ObjectValue withKind(ObjectValue options, AdmissionAttributes.Operation operation) {
    return switch (operation) {
      case CREATE -> options.with("kind", "CreateOptions");
      case UPDATE -> options.with("kind", "UpdateOptions");
      case DELETE -> options.with("kind", "DeleteOptions");
      case CONNECT -> options;
    };
  }
}
