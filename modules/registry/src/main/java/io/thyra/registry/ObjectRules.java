package io.thyra.registry;

import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What every kind's objects go through before they are stored: common metadata, the strategy's rules, and common
/// validation, in upstream's order. Source: apiserver pkg/registry/rest/create.go, update.go, meta.go.
final class ObjectRules {
  private static final FieldPath METADATA = FieldPath.of("metadata");

  private final ResourceDefinition definition;

  ObjectRules(ResourceDefinition definition) {
    this.definition = definition;
  }

  /// The object without what only the server may say.
  static ObjectValue wipeSystemFields(ObjectValue object) {
    ObjectValue wiped = object;
    for (String field : List.of("creationTimestamp", "uid", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink")) {
      wiped = Metadata.with(wiped, field, NullValue.NULL);
    }
    return wiped;
  }

  static ObjectValue fillSystemFields(RequestContext context, ObjectValue object) {
    ObjectValue filled = Metadata.with(object, "creationTimestamp", Metadata.time(context.now()));
    return Metadata.with(filled, "uid", UUID.randomUUID().toString());
  }

  /// The object in the namespace of the request; refused when it names another.
  static ObjectValue inNamespace(String requested, ObjectValue object) {
    String own = Metadata.namespace(object);
    if (own.equals(requested)) {
      return object;
    }
    if (own.isEmpty() || requested.isEmpty()) {
      return Metadata.with(object, "namespace", requested);
    }
    throw new Failure.BadRequest("the namespace of the provided object does not match the namespace sent on the request").toException();
  }

  private String scopedNamespace(WriteRequest request) {
    return definition.namespaced() ? request.objectNamespace() : "";
  }

  /// What is to be stored of a new object whose system fields and name are set.
  ObjectValue beforeCreate(WriteRequest request, ObjectValue object) {
    ResourceStrategy strategy = definition.strategy();
    RequestContext context = request.context();
    ObjectValue prepared = strategy.prepareForCreate(context, inNamespace(scopedNamespace(request), object));
    var errors = new ArrayList<FieldError>();
    strategy.validateCreate(context, prepared, errors);
    refuse(prepared, errors);
    errors.addAll(metadataErrors(prepared));
    refuse(prepared, errors);
    strategy.warningsOnCreate(context, prepared).forEach(context::warn);
    return strategy.canonicalize(prepared);
  }

  ObjectValue beforeUpdate(WriteRequest request, ResourceStrategy strategy, ObjectValue object, ObjectValue old) {
    RequestContext context = request.context();
    ObjectValue placed = inNamespace(scopedNamespace(request), object);
    placed = Metadata.withFrom(placed, "generation", old);
    placed = strategy.prepareForUpdate(context, placed, old);
    placed = keepSystemFields(placed, old);
    var errors = new ArrayList<FieldError>();
    errors.addAll(metadataErrors(placed));
    errors.addAll(ObjectMetaValidation.validateUpdate(placed.object("metadata"), old.object("metadata"), METADATA));
    strategy.validateUpdate(context, placed, old, errors);
    refuse(placed, errors);
    strategy.warningsOnUpdate(context, placed, old).forEach(context::warn);
    return strategy.canonicalize(placed);
  }

  private static ObjectValue keepSystemFields(ObjectValue object, ObjectValue old) {
    ObjectValue kept = object;
    if (Metadata.uid(kept).isEmpty()) {
      kept = Metadata.withFrom(kept, "uid", old);
    }
    if (!old.string("metadata", "creationTimestamp").isEmpty()) {
      kept = Metadata.withFrom(kept, "creationTimestamp", old);
    }
    if (Metadata.deletionTimestamp(old) != null) {
      kept = Metadata.withFrom(kept, "deletionTimestamp", old);
    }
    if (Metadata.deletionGracePeriodSeconds(old).isPresent() && Metadata.deletionGracePeriodSeconds(kept).isEmpty()) {
      kept = Metadata.withFrom(kept, "deletionGracePeriodSeconds", old);
    }
    return kept;
  }

  private List<FieldError> metadataErrors(ObjectValue object) {
    return ObjectMetaValidation.validate(object.object("metadata"), definition.namespaced(), Names.PATH_SEGMENT, METADATA);
  }

  private void refuse(ObjectValue object, List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw invalid(object, errors);
    }
  }

  private ApiException invalid(ObjectValue object, List<FieldError> errors) {
    // A custom object may say that it is of another kind; then that is what is wrong with it.
    GroupKind kind =
        definition.protobuf() ? definition.hub().groupKind() : new GroupKind(definition.hub().group(), object.string("kind"));
    return new Failure.Invalid(kind, Metadata.name(object), errors).toException();
  }
}
