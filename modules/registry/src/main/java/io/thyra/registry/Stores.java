package io.thyra.registry;

import io.thyra.model.GroupResource;
import io.thyra.storage.Storage;

/// In which store the objects of a resource are. Each store counts its revisions by itself, so that resourceVersions of
/// resources in different ones have nothing to do with each other.
@FunctionalInterface
public interface Stores {
  /// The same one for the same resource always.
  Storage of(GroupResource resource);
}
