package io.thyra.machinery.apply;

import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;

/// An object with the version it is in and its type there; it has passed validation.
record Typed(ObjectValue object, String apiVersion, Struct type) {
  /// @throws TypedException when the object does not fit its type
  static Typed of(ObjectValue object, String apiVersion, Struct type, boolean allowDuplicates) {
    Validation.check(object, type, allowDuplicates);
    return new Typed(object, apiVersion, type);
  }

  Typed with(ObjectValue changed) {
    return changed == object ? this : new Typed(changed, apiVersion, type);
  }

  FieldSet fields() {
    return FieldWalk.of(object, type);
  }

  FieldSet withNamedFields(FieldSet set) {
    return SetShape.withNamedFields(set, type);
  }

  Typed without(FieldSet fields) {
    return with(Removal.without(object, fields, type));
  }

  /// What of the fields changed on the way to another state in the same version.
  Comparison compare(Typed other) {
    return Comparison.of(object, other.object, type);
  }
}
