package io.thyra.registry;

/// Asked when an update is about to create the object: its user needs the verb `create`, too.
/// Source: apiserver pkg/endpoints/handlers/update.go, withAuthorization.
@FunctionalInterface
public interface CreateAuthorization {
  CreateAuthorization ALLOWED = _ -> {};

  /// Returns when it is allowed, else fails with [io.thyra.model.Failure.Forbidden].
  void authorize(WriteRequest request);
}
