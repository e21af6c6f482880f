package io.thyra.group;

import io.thyra.model.GroupVersionKind;
import io.thyra.registry.ResourceDefinition;

/// The names of upstream's Go types, which some of its errors print.
final class GoTypes {
  private GoTypes() {}

  /// The type in which upstream's rules see a kind: `core.ConfigMap`, `apps.Deployment`.
  static String internal(GroupVersionKind kind) {
    String group = kind.group();
    int dot = group.indexOf('.');
    String owner = group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    return owner + "." + kind.kind();
  }

  /// The type of a kind in a version: `v1.ConfigMap`.
  static String versioned(GroupVersionKind kind) {
    return kind.version() + "." + kind.kind();
  }

  /// A pointer to an object or a list of a resource, as `%T` prints it.
  static String pointer(ResourceDefinition definition, String suffix) {
    return definition.protobuf()
        ? "*" + internal(definition.hub()) + suffix
        : "*unstructured.Unstructured" + suffix;
  }
}
