package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.Value;
import java.util.List;

/// A rule about one value at a path, such as an item of a list.
@FunctionalInterface
public interface ValueRule {
  void check(Value value, FieldPath path, List<FieldError> errors);
}
