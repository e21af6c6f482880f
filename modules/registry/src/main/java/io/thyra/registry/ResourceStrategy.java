package io.thyra.registry;

import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import java.util.List;
import java.util.OptionalLong;

/// The rules of one kind (or of one of its subresources) on the way from a client to the store. Objects are canonical
/// trees in the hub version, defaults applied. Metadata that every kind treats alike (name, uid, timestamps, generation
/// of metadata, finalizers, owner references) is the registry's business, not the strategy's.
///
/// Methods that return an object may return a changed one and must not look at anything but their arguments and what the
/// strategy was constructed with. Validation methods add to `errors` in upstream's order and change nothing.
public interface ResourceStrategy {
  /// Drops or sets what a client may not choose on create: status, generation's start, fields of disabled features.
  default ObjectValue prepareForCreate(RequestContext context, ObjectValue object) {
    return object;
  }

  default void validateCreate(RequestContext context, ObjectValue object, List<FieldError> errors) {}

  /// Texts for `Warning` headers about an object that is being created.
  default List<String> warningsOnCreate(RequestContext context, ObjectValue object) {
    return List.of();
  }

  /// Keeps what a client may not change on update: status, or everything but the status; bumps the generation when
  /// the spec changed.
  default ObjectValue prepareForUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    return object;
  }

  default void validateUpdate(RequestContext context, ObjectValue object, ObjectValue old, List<FieldError> errors) {}

  default List<String> warningsOnUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    return List.of();
  }

  /// The last change before the object is stored, after validation.
  default ObjectValue canonicalize(ObjectValue object) {
    return object;
  }

  /// Whether a PUT on a missing name creates it.
  default boolean allowCreateOnUpdate() {
    return false;
  }

  /// Whether an update may leave out the resourceVersion.
  default boolean allowUnconditionalUpdate() {
    return true;
  }

  /// The fields that a write through this strategy never owns, as field paths of managedFields (`status`, or for a
  /// status strategy `spec`, `metadata.labels`): what [#prepareForUpdate] resets.
  default List<List<String>> resetFields() {
    return List.of();
  }

  /// Refuses to delete the object that a request names, whether or not it is there.
  default void checkDelete(RequestContext context) {}

  /// Texts for `Warning` headers about a deletion, before anything is looked at.
  default List<String> warningsOnDelete(DeleteTerms terms) {
    return List.of();
  }

  /// The grace period in seconds of a deletion, of what the client asked for and what the object says; empty for kinds
  /// that are deleted at once whatever the client says. Zero deletes at once, too, after the object was marked.
  default OptionalLong gracePeriod(ObjectValue object, OptionalLong asked) {
    return OptionalLong.empty();
  }

  /// Called when a new object that [#prepareForCreate] made ready is refused after all, so that what it was given can be
  /// given back.
  default void abandoned(RequestContext context, ObjectValue object) {}

  /// Called when a change that [#prepareForUpdate] made ready is refused or overtaken after all.
  default void abandonedUpdate(RequestContext context, ObjectValue object, ObjectValue old) {}

  /// Called after the object is stored for the first time, before the answer.
  default void afterCreate(RequestContext context, ObjectValue object) {}

  /// Called after a change of the object is stored, before the answer.
  default void afterUpdate(RequestContext context, ObjectValue object, ObjectValue old) {}

  /// Called when the object is gone from the store.
  default void afterDelete(RequestContext context, ObjectValue object) {}
}
