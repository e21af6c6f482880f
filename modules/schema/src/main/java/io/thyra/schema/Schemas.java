package io.thyra.schema;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The built-in types and resources. Immutable; safe for all threads.
public interface Schemas {
  /// The types of Kubernetes 1.36, read from the generated resource at first use.
  static Schemas builtin() {
    return BuiltinSchemas.instance();
  }

  /// The type of a kind; also of list kinds, option kinds (DeleteOptions of each group version) and subresource bodies.
  Optional<Struct> findKind(GroupVersionKind kind);

  /// The type with an OpenAPI definition name.
  Optional<Struct> findType(String name);

  /// Every type, also those that are parts of others, in no particular order.
  Collection<Struct> types();

  /// Every registered kind.
  Collection<GroupVersionKind> kinds();

  /// Every built-in resource in every version, served by default or not, in no particular order.
  List<ResourceSchema> resources();

  Optional<ResourceSchema> findResource(GroupVersionResource resource);
}
