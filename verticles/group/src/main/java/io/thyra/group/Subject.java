package io.thyra.group;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.Optional;

/// What a patch is applied to: the object of a request, or its Scale.
sealed interface Subject permits ObjectSubject, ScaleSubject {
  /// The kind that the request speaks of.
  GroupVersionKind kind();

  Struct type();

  /// Whether it is a custom object.
  boolean custom();

  /// The type of a kind that a patched document may turn out to have, and still be converted; empty for all others.
  Optional<Struct> convertible(GroupVersionKind kind);

  /// What is stored as the client sees it.
  ObjectValue printed(ObjectValue live);

  /// A decoded document of a convertible kind as it is to be stored, defaults applied.
  ObjectValue stored(ObjectValue object, GroupVersionKind kind);

  /// The object with managedFields that tell what changed.
  ObjectValue owned(ObjectValue live, ObjectValue object);

  /// A configuration merged by server-side apply.
  ///
  /// @param live empty when there is none
  ObjectValue applied(ObjectValue live, ObjectValue config, boolean force);
}
