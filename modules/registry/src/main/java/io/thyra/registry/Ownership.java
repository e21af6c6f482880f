package io.thyra.registry;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.Optional;

/// Who owns which fields: keeps `metadata.managedFields` over every write.
interface Ownership {
  static Ownership of(ResourceDefinition definition) {
    return new NoOwnership();
  }

  /// The object with managedFields that tell what the request's manager changed. An object whose managedFields cannot be
  /// understood keeps those that are stored.
  ///
  /// @param live what is stored, empty for a create
  ObjectValue update(WriteRequest request, ResourceStrategy strategy, ObjectValue live, ObjectValue changed);

  /// What is wrong with an object's managedFields, empty for nothing.
  Optional<String> problem(ObjectValue object);

  /// The object with the old managedFields where nothing but their times differs, so that it need not be written.
  /// Source: apiserver pkg/endpoints/handlers/fieldmanager/equality.go.
  default ObjectValue ignoreTimestamps(ObjectValue object, ObjectValue old) {
    ListValue now = object.list("metadata", "managedFields");
    ListValue before = old.list("metadata", "managedFields");
    if (now.isEmpty() || now.size() != before.size() || now.equals(before)) {
      return object;
    }
    if (!ResourceWriter.withoutTimes(now).equals(ResourceWriter.withoutTimes(before))) {
      return object;
    }
    ObjectValue kept = Metadata.withFrom(object, "managedFields", old);
    return kept.equals(old) ? kept : object;
  }
}
