package io.thyra.groups;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule about one object (or a struct within it): adds what is broken to `errors`, in upstream's order, and changes
/// nothing. A null path is the root. Rules are pure and are made once; see [Rules] for the words they are built from.
@FunctionalInterface
public interface Rule {
  void check(ObjectValue object, @Nullable FieldPath path, List<FieldError> errors);

  /// A rule that is never broken. No constant: the JVM's AOT cache keeps no lambdas of an interface that has something to initialize,
  /// and there are hundreds of rules to spin at every start.
  static Rule none() {
    return (_, _, _) -> {};
  }

  /// This rule, then another one.
  default Rule and(Rule next) {
    return (object, path, errors) -> {
      check(object, path, errors);
      next.check(object, path, errors);
    };
  }
}
