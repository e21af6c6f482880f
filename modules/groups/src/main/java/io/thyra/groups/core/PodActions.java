package io.thyra.groups.core;

import io.thyra.groups.StoredObjects;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.Subresource;

/// What can be done to pods beyond writing them.
final class PodActions {
  private PodActions() {}

  static Subresource.Action.Handler binding(StoredObjects objects) {
    return (_, _, _, _) -> ObjectValue.of("status", new StringValue("Success"));
  }
}
