package io.thyra.registry;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.Objects;
import java.util.function.UnaryOperator;

/// One served version of a kind. Rules run on the hub version, the one in which objects are stored; a request in another
/// version is defaulted in its own version, converted to the hub, and the answer is converted back.
///
/// @param defaults fills in what a client left out, in this version; idempotent
/// @param toHub this version to the hub version, `apiVersion` excepted, which the registry sets
/// @param fromHub the other way; lossless where upstream's conversion is
/// @param warning the deprecation warning that every request in this version answers with, empty for none
public record VersionedType(
    GroupVersionKind kind,
    Struct struct,
    UnaryOperator<ObjectValue> defaults,
    UnaryOperator<ObjectValue> toHub,
    UnaryOperator<ObjectValue> fromHub,
    String warning) {
  public VersionedType {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(struct);
    Objects.requireNonNull(defaults);
    Objects.requireNonNull(toHub);
    Objects.requireNonNull(fromHub);
    Objects.requireNonNull(warning);
  }

  /// A version with the hub's own structure.
  public static VersionedType same(GroupVersionKind kind, Struct struct, UnaryOperator<ObjectValue> defaults) {
    return new VersionedType(kind, struct, defaults, UnaryOperator.identity(), UnaryOperator.identity(), "");
  }
}
