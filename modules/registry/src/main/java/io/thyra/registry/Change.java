package io.thyra.registry;

import io.thyra.model.ObjectValue;
import java.util.Optional;

/// What a request makes of an object. Called again for the newer object when another write came between, so it must not
/// remember anything.
@FunctionalInterface
public interface Change {
  /// The object as the client wants it, in the hub version.
  ///
  /// @param current what is stored, with its resourceVersion; empty when there is none
  ObjectValue apply(Optional<ObjectValue> current);
}
