package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about what a write makes of an object: compares it with what is stored. Pure, like [Rule].
@FunctionalInterface
public interface UpdateRule {
  void check(ObjectValue object, ObjectValue old, @Nullable FieldPath path, List<FieldError> errors);

  /// A rule that is never broken; no constant, see [Rule#none].
  static UpdateRule none() {
    return (_, _, _, _) -> {};
  }

  /// The rules of a new object, applied to the changed one.
  static UpdateRule of(Rule rule) {
    return (object, _, path, errors) -> rule.check(object, path, errors);
  }

  default UpdateRule and(UpdateRule next) {
    return (object, old, path, errors) -> {
      check(object, old, path, errors);
      next.check(object, old, path, errors);
    };
  }
}
