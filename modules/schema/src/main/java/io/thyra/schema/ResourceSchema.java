package io.thyra.schema;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import java.util.List;

/// A built-in resource in one version, as discovery lists it.
///
/// @param singular its singular name, as discovery prints it
/// @param verbs in alphabetical order: create, delete, deletecollection, get, list, patch, update, watch
/// @param servedByDefault whether it is served without `--runtime-config`
public record ResourceSchema(
    GroupVersionResource resource,
    GroupVersionKind kind,
    String singular,
    boolean namespaced,
    List<String> verbs,
    List<String> shortNames,
    List<String> categories,
    List<Subresource> subresources,
    boolean servedByDefault) {
  /// A subresource with the kind that its body has, which may live in another group (autoscaling/v1 Scale).
  public record Subresource(String name, GroupVersionKind kind, List<String> verbs) {
    public Subresource {
      verbs = List.copyOf(verbs);
    }
  }

  public ResourceSchema {
    verbs = List.copyOf(verbs);
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    subresources = List.copyOf(subresources);
  }
}
