package io.thyra.group;

import io.thyra.model.ObjectValue;
import java.util.Optional;

/// What a patch makes of an object. Called again for a newer object when another write came between.
sealed interface PatchMechanism permits ApplyPatch, DocumentPatch {
  /// The object that is to be stored, in the hub version, with its fields owned.
  ///
  /// @param current what is stored, empty when there is none
  ObjectValue apply(Optional<ObjectValue> current);
}
