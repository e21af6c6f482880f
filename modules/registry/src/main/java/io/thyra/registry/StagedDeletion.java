package io.thyra.registry;

import io.thyra.model.ObjectValue;

/// The deletion of kinds that hold other objects (namespaces, custom resource definitions): the first request marks the
/// object as terminating and leaves it to a controller, later ones find it empty or still pending.
public interface StagedDeletion {
  /// The object as terminating: its condition or phase, and the finalizers that the terms ask for. Its deletionTimestamp
  /// is set already.
  ObjectValue terminate(ObjectValue object, DeleteTerms terms);

  /// Whether something besides metadata.finalizers still holds a terminating object (a namespace's spec.finalizers).
  default boolean pending(ObjectValue object) {
    return false;
  }
}
