package io.thyra.registry;

import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import org.jspecify.annotations.Nullable;

/// What must be true of a stored object for a write to go on. Null is no condition; the empty string is one that nothing
/// meets. Source: apiserver pkg/storage/interfaces.go.
public record Preconditions(@Nullable String uid, @Nullable String resourceVersion) {
  public static final Preconditions NONE = new Preconditions(null, null);

  /// Conflicts in the words of the store, which updates and second looks answer with.
  void check(GroupResource resource, String name, String key, ObjectValue stored) {
    String why = violation(stored);
    if (why != null) {
      throw new Failure.Conflict(
              resource,
              name,
              "StorageError: invalid object, Code: 4, Key: " + key + ", ResourceVersion: 0, AdditionalErrorMsg: " + why)
          .toException();
    }
  }

  /// What is wrong, null for nothing.
  @Nullable String violation(ObjectValue stored) {
    String storedUid = Metadata.uid(stored);
    if (uid != null && !uid.equals(storedUid)) {
      return "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + storedUid;
    }
    String storedVersion = Metadata.resourceVersion(stored);
    if (resourceVersion != null && !resourceVersion.equals(storedVersion)) {
      return "Precondition failed: ResourceVersion in precondition: "
          + resourceVersion
          + ", ResourceVersion in object meta: "
          + storedVersion;
    }
    return null;
  }
}
