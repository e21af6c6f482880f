package io.thyra.extensions;

import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Metadata;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceStrategy;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// The rules of the objects of a custom resource. They hold in the version that a request speaks; what the storage version
/// does not know is dropped last. Immutable.
/// Source: apiextensions-apiserver pkg/registry/customresource/strategy.go, status_strategy.go.
final class CustomStrategy implements ResourceStrategy {
  private final GroupResource resource;
  private final CustomRules hub;
  private final Map<String, CustomRules> versions;
  private final boolean ofStatus;
  private final boolean terminating;
  private final @Nullable BiFunction<ObjectValue, CustomVersion, ObjectValue> outside;

  /// @param hub the rules of the version in which objects are stored
  /// @param versions the rules by version
  /// @param ofStatus whether these are the rules of `/status`
  /// @param terminating whether the definition is being deleted, so that no object may be made
  /// @param outside makes the version of a stored object that a request speaks, where somebody else has to; null where all
  ///     versions share their fields
  CustomStrategy(
      GroupResource resource,
      CustomRules hub,
      Map<String, CustomRules> versions,
      boolean ofStatus,
      boolean terminating,
      @Nullable BiFunction<ObjectValue, CustomVersion, ObjectValue> outside) {
    this.resource = resource;
    this.hub = hub;
    this.versions = Map.copyOf(versions);
    this.ofStatus = ofStatus;
    this.terminating = terminating;
    this.outside = outside;
  }

  private CustomRules rules(RequestContext context) {
    return versions.getOrDefault(context.info().version(), hub);
  }

  /// An object that is stored as a request in a version sees it.
  private ObjectValue seen(CustomRules rules, ObjectValue stored) {
    if (rules == hub) {
      return stored;
    }
    return outside == null ? rules.version().adopt(stored) : outside.apply(stored, rules.version());
  }

  private ObjectValue spoken(CustomRules rules, ObjectValue object) {
    // What says to be of yet another version is left as it is, for the rules to refuse.
    boolean ofHub = object.string("apiVersion").equals(hub.version().kind().apiVersion());
    if (ofHub && outside != null) {
      return seen(rules, object);
    }
    return ofHub ? object.with("apiVersion", Value.of(rules.version().kind().apiVersion())) : object;
  }

  private ObjectValue kept(ObjectValue object) {
    return object.with("apiVersion", Value.of(hub.version().kind().apiVersion()));
  }

  @Override
  public ObjectValue prepareForCreate(RequestContext context, ObjectValue object) {
    if (terminating) {
      throw new Failure.Forbidden(
              resource, Metadata.name(object), "create not allowed while custom resource definition is terminating")
          .toException();
    }
    ObjectValue changed = rules(context).version().hasStatus() ? object.without("status") : object;
    return Metadata.with(changed, "generation", 1);
  }

  @Override
  public ObjectValue prepareForUpdate(RequestContext context, ObjectValue object, ObjectValue stored) {
    CustomRules rules = rules(context);
    // What somebody else converts is the request's already: its fields have the places that they have in the store.
    ObjectValue old = outside == null ? kept(seen(rules, stored)) : stored;
    Value status = object.get("status");
    if (ofStatus) {
      ObjectValue changed = Metadata.withFrom(old, "managedFields", object);
      changed = Metadata.withFrom(changed, "resourceVersion", object);
      return status == null ? changed.without("status") : changed.with("status", status);
    }
    ObjectValue changed = object;
    if (rules.version().hasStatus()) {
      Value before = old.get("status");
      changed = before == null ? changed.without("status") : changed.with("status", before);
    }
    boolean same = changed.without("metadata").equals(old.without("metadata"));
    return same ? changed : Metadata.with(changed, "generation", Metadata.generation(old) + 1);
  }

  @Override
  public void validateCreate(RequestContext context, ObjectValue object, List<FieldError> errors) {
    CustomRules rules = rules(context);
    rules.create(spoken(rules, object), context::warn, errors);
  }

  @Override
  public void validateUpdate(RequestContext context, ObjectValue object, ObjectValue stored, List<FieldError> errors) {
    CustomRules rules = rules(context);
    ObjectValue old = seen(rules, stored);
    if (ofStatus) {
      rules.updateStatus(spoken(rules, object), old, context::warn, errors);
    } else {
      rules.update(spoken(rules, object), old, context::warn, errors);
    }
  }

  @Override
  public List<String> warningsOnCreate(RequestContext context, ObjectValue object) {
    return CustomRules.finalizerWarnings(object, null);
  }

  @Override
  public List<String> warningsOnUpdate(RequestContext context, ObjectValue object, ObjectValue old) {
    return ofStatus ? List.of() : CustomRules.finalizerWarnings(object, old);
  }

  @Override
  public ObjectValue canonicalize(ObjectValue object) {
    return hub.version().adopt(object);
  }

  @Override
  public boolean allowUnconditionalUpdate() {
    return false;
  }

  @Override
  public List<List<String>> resetFields() {
    if (ofStatus) {
      return List.of(List.of("metadata"), List.of("spec"));
    }
    return hub.version().hasStatus() ? List.of(List.of("status")) : List.of();
  }

}
