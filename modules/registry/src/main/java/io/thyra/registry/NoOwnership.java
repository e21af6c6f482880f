package io.thyra.registry;

import io.thyra.model.ObjectValue;
import java.util.Optional;

/// Objects whose fields nobody owns.
final class NoOwnership implements Ownership {
  @Override
  public ObjectValue update(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue changed) {
    return changed;
  }

  @Override
  public Optional<String> problem(ObjectValue object) {
    return Optional.empty();
  }
}
