package io.thyra.registry;

import io.thyra.machinery.NameGenerator;
import io.thyra.machinery.ResourceVersions;
import io.thyra.machinery.apply.ManagedFields;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.GroupKind;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.storage.Stored;
import io.thyra.storage.WriteResult;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Create and update over the store of one resource: admission, rules, compare-and-set. Direct style, for virtual
/// threads. Source: apiserver pkg/registry/generic/registry/store.go and pkg/endpoints/handlers/create.go, update.go.
final class ResourceWriter {
  // What upstream tries before it tells a client that its prefix is exhausted.
  private static final int GENERATED_NAMES_MAX = 8;
  // Others may win this often before an update without a resourceVersion gives up.
  private static final int CONFLICTS_MAX = 1_000;

  private final ResourceDefinition definition;
  private final ObjectRows rows;
  private final Admission admission;
  private final Ownership ownership;
  private final CreateAuthorization authorization;
  private final ObjectRules rules;
  private final DeleteRules deletion;
  private final NameGenerator names;

  ResourceWriter(
      ResourceDefinition definition, ObjectRows rows, Admission admission, Ownership ownership, CreateAuthorization authorization) {
    this.definition = definition;
    this.rows = rows;
    this.admission = admission;
    this.ownership = ownership;
    this.authorization = authorization;
    this.rules = new ObjectRules(definition);
    this.deletion = new DeleteRules(definition);
    this.names = new NameGenerator(new SecureRandom());
  }

  ObjectValue create(WriteRequest request, ObjectValue sent) {
    RequestContext context = request.context();
    ObjectValue object = ObjectRules.wipeSystemFields(sent);
    String name = Metadata.name(object);
    String namespace = request.objectNamespace();
    object = ObjectRules.inNamespace(namespace, object);
    object = OwnerReferences.dedup(context, object, false);
    object = ownership.update(request, definition.strategy(), ObjectValue.EMPTY, object);
    object = admit(request.attributes(Operation.CREATE, name, Optional.of(object), Optional.empty()), object);
    object = OwnerReferences.dedup(context, object, true);
    boolean generated = name.isEmpty() && !object.string("metadata", "generateName").isEmpty();
    ApiException last = null;
    for (int i = 0; i < (generated ? GENERATED_NAMES_MAX : 1); i++) {
      try {
        return createOnce(request, object);
      } catch (ApiException e) {
        if (!e.status().reason().equals("AlreadyExists")) {
          throw e;
        }
        last = e;
      }
    }
    throw Objects.requireNonNull(last);
  }

  private ObjectValue createOnce(WriteRequest request, ObjectValue admitted) {
    RequestContext context = request.context();
    ObjectValue object = ObjectRules.fillSystemFields(context, admitted);
    String prefix = object.string("metadata", "generateName");
    if (!prefix.isEmpty() && Metadata.name(object).isEmpty()) {
      object = Metadata.with(object, "name", names.generate(prefix));
    }
    object = rules.beforeCreate(request, object);
    try {
      return store(request, object);
    } catch (ApiException e) {
      definition.strategy().abandoned(context, object);
      throw e;
    }
  }

  private ObjectValue store(WriteRequest request, ObjectValue object) {
    RequestContext context = request.context();
    String name = Metadata.name(object);
    admission.validate(request.attributes(Operation.CREATE, name, Optional.of(object), Optional.empty()));
    object = rows.asStored(object);
    String key = rows.key(Metadata.namespace(object), name);
    if (request.dryRun()) {
      Optional<ObjectRows.Row> there = rows.find(key);
      if (there.isPresent()) {
        throw alreadyExists(request, object, there.get().object());
      }
      // What a client said stays: only the store would have refused it.
      return object;
    }
    if (resourceVersionOrZero(object) != 0) {
      throw new Failure.Unclassified(500, "resourceVersion should not be set on objects to be created").toException();
    }
    ObjectValue stored =
        switch (rows.put(key, 0, object)) {
          case WriteResult.Written(long revision) -> Metadata.with(object, "resourceVersion", Long.toString(revision));
          case WriteResult.Mismatch(Optional<Stored> current) ->
              throw alreadyExists(request, object, current.map(rows::decode).orElse(ObjectValue.EMPTY));
        };
    definition.strategy().afterCreate(context, stored);
    return stored;
  }

  private ApiException alreadyExists(WriteRequest request, ObjectValue object, ObjectValue there) {
    String name = Metadata.name(object);
    ApiException plain = new Failure.AlreadyExists(request.resource(), name).toException();
    boolean deleting = Metadata.deletionTimestamp(there) != null;
    if (!deleting && object.string("metadata", "generateName").isEmpty()) {
      // As it is, so that those who make what must exist recognise it.
      return plain;
    }
    Status status = plain.status();
    if (!object.string("metadata", "generateName").isEmpty()) {
      String message =
          request.resource()
              + " "
              + GoText.quote(name)
              + " already exists, the server was not able to generate a unique name for the object";
      var details = new Status.Details(name, definition.hub().group(), request.resource().resource(), "", List.of(), 1);
      status = Status.failure(409, "AlreadyExists", message, details);
    }
    if (deleting) {
      status = Status.failure(409, status.reason(), "object is being deleted: " + status.message(), status.details());
    }
    return new Failure.Told(status).toException();
  }

  /// How an update goes about its work, the same for each of its attempts.
  ///
  /// @param view what validating admission is shown of an object: itself, or its Scale
  private record Plan(
      WriteRequest request,
      ResourceStrategy strategy,
      Preconditions preconditions,
      boolean forceCreate,
      Change change,
      UnaryOperator<ObjectValue> view) {}

  UpdateOutcome update(
      WriteRequest request,
      ResourceStrategy strategy,
      Preconditions preconditions,
      boolean forceCreate,
      Change change,
      UnaryOperator<ObjectValue> view) {
    var plan = new Plan(request, strategy, preconditions, forceCreate, change, view);
    String name = request.context().info().name();
    String key = rows.key(definition.namespaced() ? request.objectNamespace() : "", name);
    Optional<ObjectRows.Row> row = rows.findCached(key);
    boolean current = false;
    for (int i = 0; i < CONFLICTS_MAX; i++) {
      Attempt attempt;
      try {
        attempt = attempt(plan, key, row);
      } catch (ApiException e) {
        // The cache may lag behind: what was refused is asked once more of the store itself.
        if (current) {
          throw e;
        }
        Optional<ObjectRows.Row> fresh = rows.find(key);
        current = true;
        if (revision(fresh) == revision(row)) {
          throw e;
        }
        row = fresh;
        continue;
      }
      if (attempt.outcome() != null) {
        return attempt.outcome();
      }
      row = attempt.newer();
      current = true;
    }
    throw new Failure.ServerTimeout(request.resource(), "update", 2).toException();
  }

  private static long revision(Optional<ObjectRows.Row> row) {
    return row.map(r -> r.stored().modRevision()).orElse(0L);
  }

  /// Either an outcome, or the newer state that came between.
  private record Attempt(@Nullable UpdateOutcome outcome, Optional<ObjectRows.Row> newer) {
    static Attempt done(ObjectValue object, boolean created) {
      return new Attempt(new UpdateOutcome(object, created), Optional.empty());
    }
  }

  private Attempt attempt(Plan plan, String key, Optional<ObjectRows.Row> row) {
    WriteRequest request = plan.request();
    String name = request.context().info().name();
    if (row.isEmpty() && !plan.strategy().allowCreateOnUpdate() && !plan.forceCreate()) {
      throw new Failure.NotFound(request.resource(), name).toException();
    }
    // A dry run names the key as it is before the store's own prefix.
    String told = request.dryRun() ? key.substring(key.indexOf('/', 1)) : key;
    plan.preconditions().check(request.resource(), name, told, row.map(ObjectRows.Row::object).orElse(ObjectValue.EMPTY));
    ObjectValue wanted = plan.change().apply(row.map(ObjectRows.Row::object));
    return row.isEmpty() ? createByUpdate(request, key, wanted) : replace(plan, key, row.get(), wanted);
  }

  private Attempt createByUpdate(WriteRequest request, String key, ObjectValue wanted) {
    // It must be a version, though none is stored.
    ResourceVersions.ofObject(Metadata.resourceVersion(wanted));
    ObjectValue object = ObjectRules.fillSystemFields(request.context(), wanted);
    object = rules.beforeCreate(request, object);
    String name = Metadata.name(object);
    authorization.authorize(request);
    admission.validate(request.attributes(Operation.CREATE, name, Optional.of(object), Optional.empty()));
    object = rows.asStored(Metadata.with(object, "resourceVersion", NullValue.NULL));
    if (request.dryRun()) {
      return Attempt.done(object, true);
    }
    return switch (rows.put(key, 0, object)) {
      case WriteResult.Written(long revision) -> {
        ObjectValue stored = Metadata.with(object, "resourceVersion", Long.toString(revision));
        definition.strategy().afterCreate(request.context(), stored);
        yield Attempt.done(stored, true);
      }
      case WriteResult.Mismatch(Optional<Stored> current) -> new Attempt(null, current.map(rows::row));
    };
  }

  private Attempt replace(Plan plan, String key, ObjectRows.Row row, ObjectValue wanted) {
    WriteRequest request = plan.request();
    ResourceStrategy strategy = plan.strategy();
    ObjectValue old = row.object();
    ObjectValue object = withExpectedVersion(request, strategy, row, wanted);
    object = rules.beforeUpdate(request, strategy, object, old);
    try {
      Attempt attempt = storeChange(plan, key, row, object);
      if (attempt.outcome() == null) {
        strategy.abandonedUpdate(request.context(), object, old);
      }
      return attempt;
    } catch (ApiException e) {
      strategy.abandonedUpdate(request.context(), object, old);
      throw e;
    }
  }

  private Attempt storeChange(Plan plan, String key, ObjectRows.Row row, ObjectValue changed) {
    WriteRequest request = plan.request();
    ResourceStrategy strategy = plan.strategy();
    String name = request.context().info().name();
    ObjectValue old = row.object();
    ObjectValue object = changed;
    object = ManagedFields.keepTimes(old, object);
    admission.validate(
        request.attributes(Operation.UPDATE, name, Optional.of(plan.view().apply(object)), Optional.of(plan.view().apply(old))));
    if (deletion.goesWith(object, old)) {
      return deleteEmptied(request, key, row, object);
    }
    String version = Long.toString(row.stored().modRevision());
    object = Metadata.with(rows.asStored(object), "resourceVersion", version);
    if (request.dryRun()) {
      return Attempt.done(object, false);
    }
    // Nothing links to itself any more; what a client says of it is checked and forgotten by the store.
    object = Metadata.with(object, "selfLink", NullValue.NULL);
    ObjectRows.Encoded encoded = rows.encode(object);
    if (encoded.value().equals(row.stored().value())) {
      return Attempt.done(old, false);
    }
    return switch (rows.put(key, row.stored().modRevision(), encoded, object)) {
      case WriteResult.Written(long revision) -> {
        ObjectValue stored = Metadata.with(object, "resourceVersion", Long.toString(revision));
        strategy.afterUpdate(request.context(), stored, old);
        yield Attempt.done(stored, false);
      }
      case WriteResult.Mismatch(Optional<Stored> current) -> new Attempt(null, current.map(rows::row));
    };
  }

  /// An update that emptied the finalizers of an object that is being deleted deletes it, and answers with the update.
  private Attempt deleteEmptied(WriteRequest request, String key, ObjectRows.Row row, ObjectValue object) {
    ObjectValue bare = Metadata.with(object, "selfLink", NullValue.NULL);
    ObjectValue shown = Metadata.with(bare, "resourceVersion", Long.toString(row.stored().modRevision()));
    if (request.dryRun()) {
      return Attempt.done(shown, false);
    }
    return switch (rows.delete(key, row.stored().modRevision())) {
      case WriteResult.Written _ -> {
        definition.strategy().afterDelete(request.context(), row.object());
        yield Attempt.done(shown, false);
      }
      // Somebody else was as quick, or changed it: look again, and if it is gone the update still succeeded.
      case WriteResult.Mismatch(Optional<Stored> current) ->
          current.isEmpty() ? Attempt.done(shown, false) : new Attempt(null, current.map(rows::row));
    };
  }

  private ObjectValue withExpectedVersion(WriteRequest request, ResourceStrategy strategy, ObjectRows.Row row, ObjectValue wanted) {
    long expected = ResourceVersions.ofObject(Metadata.resourceVersion(wanted));
    long stored = row.stored().modRevision();
    if (expected == 0 && strategy.allowUnconditionalUpdate()) {
      return Metadata.with(wanted, "resourceVersion", Long.toString(stored));
    }
    String name = request.context().info().name();
    if (expected == 0) {
      // The plural stands where the kind would, as upstream has it.
      throw new Failure.Invalid(
              new GroupKind(request.resource().group(), request.resource().resource()),
              name,
              List.of(FieldError.invalid(FieldPath.of("metadata", "resourceVersion"), 0, "must be specified for an update")))
          .toException();
    }
    if (expected != stored) {
      throw new Failure.Conflict(request.resource(), name, Failure.Conflict.MODIFIED).toException();
    }
    return wanted;
  }

  private static long resourceVersionOrZero(ObjectValue object) {
    try {
      return ResourceVersions.ofObject(Metadata.resourceVersion(object));
    } catch (ApiException _) {
      return 0;
    }
  }

  /// The change of a PUT: fields are owned, admission may change them.
  Change replacing(WriteRequest request, ResourceStrategy strategy, ObjectValue sent) {
    return current -> admitted(request, current, ownership.update(request, strategy, current.orElse(ObjectValue.EMPTY), sent));
  }

  /// What admission leaves of an object that a client wants.
  ObjectValue admitted(WriteRequest request, Optional<ObjectValue> current, ObjectValue wanted) {
    String name = request.context().info().name();
    Operation operation = current.isPresent() ? Operation.UPDATE : Operation.CREATE;
    ObjectValue object = admit(request.attributes(operation, name, Optional.of(wanted), current), wanted);
    return OwnerReferences.dedup(request.context(), object, true);
  }

  /// Asks the mutating plugins, and puts managedFields back where they made nonsense of them.
  private ObjectValue admit(AdmissionAttributes attributes, ObjectValue object) {
    ObjectValue changed = admission.mutate(attributes);
    Optional<String> problem = changed == object ? Optional.empty() : ManagedFields.findProblem(changed.list("metadata", "managedFields"));
    if (problem.isEmpty()) {
      return changed;
    }
    attributes
        .context()
        .warn(
            ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating"
                + " admission controller; please fix your requests: "
                + problem.get());
    return Metadata.withFrom(changed, "managedFields", object);
  }
}
