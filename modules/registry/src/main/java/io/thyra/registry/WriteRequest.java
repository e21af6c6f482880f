package io.thyra.registry;

import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import java.util.Optional;

/// A request that writes, as far as every kind treats it alike.
///
/// @param context who asks for what, and where warnings go
/// @param version the version of the kind that the request speaks
/// @param manager the owner of the fields that it sets: the fieldManager of the query, or made of the User-Agent
/// @param options the options object (CreateOptions, UpdateOptions, DeleteOptions) as admission is told it, with apiVersion and kind
/// @param kind the kind of what is sent, as admission is told it: the version's, or that of a subresource's body
public record WriteRequest(
    RequestContext context, VersionedType version, GroupVersionKind kind, String manager, Optional<ObjectValue> options) {
  public WriteRequest(RequestContext context, VersionedType version, String manager, Optional<ObjectValue> options) {
    this(context, version, version.kind(), manager, options);
  }

  /// The same request with a body of another kind.
  public WriteRequest withKind(GroupVersionKind other) {
    return new WriteRequest(context, version, other, manager, options);
  }

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
        kind,
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
