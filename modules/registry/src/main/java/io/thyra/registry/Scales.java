package io.thyra.registry;

import io.thyra.codec.Canonical;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.apply.EmptyObject;
import io.thyra.machinery.apply.FieldManager;
import io.thyra.machinery.apply.FieldSet;
import io.thyra.machinery.apply.ManagedFields;
import io.thyra.machinery.apply.VersionConverter;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.IntegerValue;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The autoscaling/v1 Scale of a resource's objects: shown, and written back into them. The replicas of the two are one
/// field, also for those who own it. Source: kubernetes pkg/registry/apps/deployment/storage/storage.go.
public final class Scales {
  public static final GroupVersionKind KIND = new GroupVersionKind("autoscaling", "v1", "Scale");

  private final ResourceDefinition definition;
  private final Subresource.Scale paths;
  private final ManagedFields.Scale owners;
  private final FieldManager fields;
  private final Struct type;

  /// @param version the version of the object that the request names
  Scales(ResourceDefinition definition, Subresource.Scale paths, VersionedType version, InstantSource clock) {
    this.definition = definition;
    this.paths = paths;
    this.type = Schemas.builtin().findKind(KIND).orElseThrow();
    Map<String, FieldSet> replicas = new HashMap<>();
    for (VersionedType each : definition.versions()) {
      replicas.put(each.kind().apiVersion(), FieldSet.ofNames(paths.specReplicas()));
    }
    this.owners = new ManagedFields.Scale(replicas, version.kind().apiVersion(), !definition.protobuf());
    var scope = new FieldManager.Scope(KIND, "scale", EmptyObject.of(type), Map.of(), false);
    this.fields = new FieldManager(scope, VersionConverter.single(KIND.apiVersion(), type), clock);
  }

  public Struct type() {
    return type;
  }

  /// The Scale of an object.
  public ObjectValue of(ObjectValue object) {
    var metadata = ObjectValue.builder();
    for (String name : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      var value = object.at("metadata", name);
      if (value != null) {
        metadata.put(name, value);
      }
    }
    var status = ObjectValue.builder().put("replicas", object.integer(0, paths.statusReplicas()));
    status.put("selector", paths.selector().print(object));
    ObjectValue scale =
        ObjectValue.builder()
            .put("kind", KIND.kind())
            .put("apiVersion", KIND.apiVersion())
            .put("metadata", metadata.build())
            .put("spec", ObjectValue.of("replicas", new IntegerValue(object.integer(0, paths.specReplicas()))))
            .put("status", status.build())
            .build();
    return Canonical.complete(scale, type);
  }

  /// The Scale of an object that must have a wanted count where its kind says so.
  public ObjectValue shown(ObjectValue object) {
    if (lacksReplicas(object)) {
      throw new Failure.Internal("the spec replicas field " + GoText.quote(paths.required()) + " does not exist").toException();
    }
    return of(object);
  }

  private boolean lacksReplicas(ObjectValue object) {
    return !paths.required().isEmpty() && object.at(paths.specReplicas()) == null;
  }

  /// Whether the kind is a custom one, whose Scale has rules of its own.
  public boolean custom() {
    return !definition.protobuf();
  }

  /// The Scale of an object with those who own its replicas.
  ObjectValue owned(ObjectValue object) {
    ObjectValue scale = of(object);
    if (lacksReplicas(object)) {
      scale = scale.withAt(new IntegerValue(Integer.MIN_VALUE), "spec", "replicas");
    }
    return Metadata.with(scale, "managedFields", owners.toScale(object.list("metadata", "managedFields")));
  }

  /// A Scale with managedFields that tell what a manager changed.
  public ObjectValue update(ObjectValue live, ObjectValue changed, String manager) {
    return fields.update(live, changed, manager);
  }

  /// A configuration merged into a Scale.
  public ObjectValue apply(ObjectValue live, ObjectValue config, String manager, boolean force) {
    return Canonical.complete(fields.apply(live, config, manager, force), type);
  }

  /// The object as its Scale wants it.
  ObjectValue into(ObjectValue object, ObjectValue scale) {
    if (custom()) {
      return intoCustom(object, scale);
    }
    validate(object, scale);
    String uid = Metadata.uid(scale);
    if (!uid.isEmpty() && !uid.equals(Metadata.uid(object))) {
      var resource = new GroupResource(definition.resource().group(), definition.resource().resource() + "/scale");
      throw new Failure.Conflict(
              resource,
              Metadata.name(object),
              "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Metadata.uid(object))
          .toException();
    }
    ObjectValue scaled = object.withAt(new IntegerValue(scale.integer(0, "spec", "replicas")), paths.specReplicas());
    scaled = Metadata.withFrom(scaled, "resourceVersion", scale);
    ListValue entries = owners.toParent(object.list("metadata", "managedFields"), scale.list("metadata", "managedFields"));
    scaled = Metadata.with(scaled, "managedFields", entries);
    return definition.protobuf() ? Canonical.complete(scaled, definition.hubVersion().struct()) : scaled;
  }

  /// The object's own rules judge what a custom object's Scale wants.
  private ObjectValue intoCustom(ObjectValue object, ObjectValue scale) {
    long replicas = scale.integer(0, "spec", "replicas");
    if (replicas == Integer.MIN_VALUE) {
      throw new Failure.BadRequest("the spec replicas field " + GoText.quote(paths.required()) + " cannot be empty").toException();
    }
    ObjectValue scaled = object.withAt(new IntegerValue(replicas), paths.specReplicas());
    if (!Metadata.resourceVersion(scale).isEmpty()) {
      scaled = Metadata.withFrom(scaled, "resourceVersion", scale);
    }
    ListValue entries = owners.toParent(object.list("metadata", "managedFields"), scale.list("metadata", "managedFields"));
    return Metadata.with(scaled, "managedFields", entries);
  }

  private static void validate(ObjectValue object, ObjectValue scale) {
    var errors = new ArrayList<FieldError>();
    errors.addAll(
        ObjectMetaValidation.validate(scale.object("metadata"), true, Names.DNS_SUBDOMAIN, FieldPath.of("metadata")));
    long replicas = scale.integer(0, "spec", "replicas");
    if (replicas < 0) {
      errors.add(FieldError.invalid(FieldPath.of("spec", "replicas"), replicas, "must be greater than or equal to 0"));
    }
    if (!errors.isEmpty()) {
      throw new Failure.Invalid(KIND.groupKind(), Metadata.name(object), errors).toException();
    }
  }
}
